#pragma once
// What the curves of a frame show, out of what the device keeps of a training.

#include "trainer/backend/kernels/step_kernels.h"

namespace fl::kernels {

// Step point i is the loss of step i * stride + 1.
struct StepLosses {
  StepRing ring;
  std::size_t stride = 1;
  float* out = nullptr;
  FL_HD void operator()(std::size_t i) const {
    out[i] = static_cast<float>(ring.outcomes[i * stride % ring.size].loss);
  }
};

}  // namespace fl::kernels
