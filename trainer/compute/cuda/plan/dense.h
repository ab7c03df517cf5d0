#pragma once
// Dense layers by cuBLAS. All matrices are row-major: inputs [batch][in], weights [out][in], outputs
// [batch][out].

#include <memory>

#include "trainer/compute/cuda/device.h"
#include "trainer/compute/cuda/plan/convolution.h"

namespace fl::cuda {

struct DenseShape {
  int batch = 0, in = 0, out = 0;
};

class DenseProducts {
 public:
  // All work goes to `stream`, which must live longer.
  DenseProducts(const Stream& stream, const MathOptions& options);
  ~DenseProducts();
  DenseProducts(const DenseProducts&) = delete;
  DenseProducts& operator=(const DenseProducts&) = delete;

  // output = input weights^T
  void forward(const DenseShape& shape, DevicePtr<const float> input, DevicePtr<const float> weights,
               DevicePtr<float> output);
  // weight_gradient = gradient^T input
  void backward_weights(const DenseShape& shape, DevicePtr<const float> input,
                        DevicePtr<const float> gradient, DevicePtr<float> weight_gradient);
  // input_gradient (+)= gradient weights
  void backward_input(const DenseShape& shape, DevicePtr<const float> weights,
                      DevicePtr<const float> gradient, DevicePtr<float> input_gradient, bool accumulate);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fl::cuda
