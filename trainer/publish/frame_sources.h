#pragma once
// What a program keeps on its device for who fills frame slots there.

#include <cstdint>
#include <span>

#include "trainer/base/device_ptr.h"
#include "trainer/compute/kernels/step_sums.h"

namespace fl {

class FrameSources {
 public:
  virtual ~FrameSources() = default;
  // The queue in which the program trains: work on it finds the rest of this as it is now.
  virtual void* stream() = 0;
  // The weights.
  virtual DeviceSpan<const float> params() = 0;
  // Of the last Program::evaluate_slice. The next one waits for what stream() was given until they were read.
  virtual DevicePtr<const double> slice_losses() = 0;
  virtual void slice_losses_read() = 0;
  // Of the last Program::evaluate.
  virtual kernels::Evaluated evaluated() = 0;
  // Enqueues that they come to `out`, as Program::activations lays them out.
  virtual void show_activations(std::int32_t image, std::span<const int> layers, DevicePtr<float> out) = 0;
  // Of this training's steps.
  virtual kernels::StepRing steps() = 0;
};

}  // namespace fl
