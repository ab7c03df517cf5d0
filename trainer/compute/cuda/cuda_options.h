#pragma once

#include "trainer/compute/cuda/plan/convolution.h"

namespace fl::cuda {

struct CudaOptions {
  int device = 0;
  MathOptions math;
  std::size_t pass_bytes = std::size_t{512} << 20;  // of activations in one pass of an evaluation
  // Steps whose outcomes are kept for the curves, 40 bytes each; a longer run's curve comes from the host.
  std::size_t kept_steps = std::size_t{1} << 18;
  bool graphs = true;  // else everything is enqueued by hand: for tests and for finding faults
};

}  // namespace fl::cuda
