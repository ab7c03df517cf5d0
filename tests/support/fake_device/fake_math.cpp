// Convolutions and dense products as plain loops, summed in double; operands rounded as far as the options and the
// test say.
#include <map>

#include "tests/support/fake_device/fake_device.h"
#include "tests/support/fake_device/gap_watch.h"
#include "tests/support/fake_device/products.h"

namespace fl::cuda {

using namespace fake;

namespace {

constexpr std::size_t kWorkspace = 4096;  // bytes, to see that callers bring what they were asked for

int bits_of(const MathOptions& options) {
  return options.tf32 ? fake::kTf32Bits : fake::operand_bits();
}

}  // namespace

struct Convolutions::State {
  const Stream& stream;
  int bits;
  std::map<ConvolutionShape, bool> prepared;  // for training, too

  void enqueue(const ConvolutionShape& shape, bool backward, DevicePtr<void> workspace,
               std::function<void()> work) {
    const auto found = prepared.find(shape);
    if (found == prepared.end() || (backward && !found->second)) throw CudaError("a convolution was not prepared");
    fake::enqueue(stream, [workspace, work = std::move(work)] {
      fake::doing("A convolution");
      std::fill_n(static_cast<unsigned char*>(workspace.get()), kWorkspace, static_cast<unsigned char>(0xA5));
      work();
    });
  }
};

Convolutions::Convolutions(const Stream& stream, const MathOptions& options)
    : state_(new State{stream, bits_of(options), {}}) {}
Convolutions::~Convolutions() = default;

std::size_t Convolutions::prepare(const ConvolutionShape& shape, bool training) {
  fake::refuse_while_recording("choosing an algorithm");
  state_->prepared[shape] = state_->prepared[shape] || training;
  return kWorkspace;
}

void Convolutions::forward(const ConvolutionShape& shape, DevicePtr<const float> input,
                           DevicePtr<const float> weights, DevicePtr<float> output,
                           DevicePtr<void> workspace) {
  state_->enqueue(shape, false, workspace, [=, bits = state_->bits] {
    compute(shape, Way::kForward, input.get(), weights.get(), output.get(), false, bits);
  });
}

void Convolutions::backward_weights(const ConvolutionShape& shape, DevicePtr<const float> input,
                                    DevicePtr<const float> gradient, DevicePtr<float> weight_gradient,
                                    DevicePtr<void> workspace) {
  state_->enqueue(shape, true, workspace, [=, bits = state_->bits] {
    compute(shape, Way::kWeights, input.get(), gradient.get(), weight_gradient.get(), false, bits);
  });
}

void Convolutions::backward_input(const ConvolutionShape& shape, DevicePtr<const float> weights,
                                  DevicePtr<const float> gradient, DevicePtr<float> input_gradient,
                                  bool accumulate, DevicePtr<void> workspace) {
  state_->enqueue(shape, true, workspace, [=, bits = state_->bits] {
    compute(shape, Way::kInput, weights.get(), gradient.get(), input_gradient.get(), accumulate, bits);
  });
}

struct DenseProducts::State {
  const Stream& stream;
  int bits;
};

DenseProducts::DenseProducts(const Stream& stream, const MathOptions& options)
    : state_(new State{stream, bits_of(options)}) {}
DenseProducts::~DenseProducts() = default;

void DenseProducts::forward(const DenseShape& shape, DevicePtr<const float> input,
                            DevicePtr<const float> weights, DevicePtr<float> output) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    fake::doing("A product");
    compute(shape, Way::kForward, input.get(), weights.get(), output.get(), false, bits);
  });
}

void DenseProducts::backward_weights(const DenseShape& shape, DevicePtr<const float> input,
                                     DevicePtr<const float> gradient, DevicePtr<float> weight_gradient) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    fake::doing("A product");
    compute(shape, Way::kWeights, input.get(), gradient.get(), weight_gradient.get(), false, bits);
  });
}

void DenseProducts::backward_input(const DenseShape& shape, DevicePtr<const float> weights,
                                   DevicePtr<const float> gradient, DevicePtr<float> input_gradient,
                                   bool accumulate) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    fake::doing("A product");
    compute(shape, Way::kInput, weights.get(), gradient.get(), input_gradient.get(), accumulate, bits);
  });
}

}  // namespace fl::cuda
