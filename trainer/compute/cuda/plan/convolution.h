#pragma once
// Convolutions (depthwise ones as groups) by cuDNN, images and filters planar: [image][channel][y][x] and
// [out][in / groups][ky][kx]. Algorithms are chosen once for each shape and kept; none of the calls below
// allocates or waits once its shape has been prepared.

#include <compare>
#include <cstddef>
#include <memory>

#include "trainer/compute/cuda/device.h"

namespace fl::cuda {

struct ConvolutionShape {
  int batch = 0;
  int in_channels = 0, in_height = 0, in_width = 0;
  int out_channels = 0, out_height = 0, out_width = 0;
  int kernel = 0, stride = 1, padding = 0, groups = 1;
  auto operator<=>(const ConvolutionShape&) const = default;
};

// How the libraries may compute.
struct MathOptions {
  bool tf32 = false;          // products with 10-bit mantissas on tensor cores; sums stay float
  bool deterministic = true;  // no algorithm whose sums depend on timing; else the fastest one, measured
  std::size_t workspace_bytes = std::size_t{128} << 20;  // what one convolution may use
};

class Convolutions {
 public:
  // All work goes to `stream`, which must live longer.
  Convolutions(const Stream& stream, const MathOptions& options);
  ~Convolutions();
  Convolutions(const Convolutions&) = delete;
  Convolutions& operator=(const Convolutions&) = delete;

  // Chooses the algorithms and tries them out on memory of its own, so that one that cuDNN offers and then refuses
  // gives way to the next; returns the bytes of workspace that the calls need. `training`: backward too. Throws
  // CudaError where none works.
  std::size_t prepare(const ConvolutionShape& shape, bool training);
  void forward(const ConvolutionShape& shape, DevicePtr<const float> input, DevicePtr<const float> weights,
               DevicePtr<float> output, DevicePtr<void> workspace);
  void backward_weights(const ConvolutionShape& shape, DevicePtr<const float> input,
                        DevicePtr<const float> gradient, DevicePtr<float> weight_gradient,
                        DevicePtr<void> workspace);
  // `accumulate`: adds to what `input_gradient` holds.
  void backward_input(const ConvolutionShape& shape, DevicePtr<const float> weights,
                      DevicePtr<const float> gradient, DevicePtr<float> input_gradient, bool accumulate,
                      DevicePtr<void> workspace);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fl::cuda
