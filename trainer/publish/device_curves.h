#pragma once
// The curves on a device: the points of the epochs, made there of the outcomes of their steps and of the
// evaluation of the test set, and those of the steps. Everything happens on the program's stream, in order
// with the training. `Device` as in device_slot_writer.h.

#include <span>

#include "trainer/base/check.h"
#include "trainer/compute/kernels/curve_kernels.h"
#include "trainer/publish/frame_sources.h"
#include "trainer/seam/slot_writer.h"

namespace fl {

template <typename Device>
class DeviceCurves {
 public:
  DeviceCurves(Device& device, FrameSources& sources) : device_(device), sources_(sources) {}

  // As SlotWriter's of the same names.
  void begin_epochs(std::size_t most, std::span<const EpochPoint> restored) {
    FL_CHECK(restored.size() <= most);
    if (epochs_.size() < most) epochs_ = Array<EpochPoint>(most);
    count_ = restored.size();
    if (count_ > 0) device_.upload(sources_.stream(), epochs_.data(), restored.data(), restored.size_bytes());
  }

  // False, and nothing is done, where the device has lost a step of it.
  [[nodiscard]] bool add_epoch(const EpochSteps& steps) {
    const kernels::StepRing ring = sources_.steps();
    if (steps.count > ring.kept) return false;
    device_.for_each(
        sources_.stream(), 1,
        kernels::NoteEpoch{ring, steps.first, steps.count, steps.batch, steps.images,
                           steps.tested ? sources_.evaluated() : kernels::Evaluated{}, next_epoch().get()});
    return true;
  }
  void add_epoch(const EpochPoint& known) {
    device_.upload(sources_.stream(), next_epoch(), &known, sizeof(known));
  }
  void assemble_epochs(std::size_t count, DevicePtr<EpochPoint> out) {
    FL_CHECK(count <= count_);
    if (count > 0) device_.copy(sources_.stream(), out, epochs_.data(), count * sizeof(EpochPoint));
  }

  // False, and nothing is done, where the device has lost a step that is to be shown.
  [[nodiscard]] bool assemble_steps(std::size_t count, std::size_t stride, DevicePtr<StepPoint> out) {
    const kernels::StepRing ring = sources_.steps();
    if (count * stride > ring.kept) return false;
    device_.for_each(sources_.stream(), count, kernels::StepPoints{ring, stride, out.get()});
    return true;
  }

 private:
  template <typename T>
  using Array = typename Device::template Array<T>;

  DevicePtr<EpochPoint> next_epoch() {
    FL_CHECK(count_ < epochs_.size());
    return epochs_.data() + count_++;
  }

  Device& device_;
  FrameSources& sources_;
  Array<EpochPoint> epochs_;
  std::size_t count_ = 0;  // of them
};

}  // namespace fl
