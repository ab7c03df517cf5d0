// Convolutions and dense products as plain loops, summed in double; operands rounded as far as the options and the
// test say.
#include <map>

#include "tests/support/fake_device/fake_device.h"
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

  void enqueue(const ConvolutionShape& shape, bool backward, void* workspace, std::function<void()> work) {
    const auto found = prepared.find(shape);
    if (found == prepared.end() || (backward && !found->second)) throw CudaError("a convolution was not prepared");
    fake::enqueue(stream, [workspace, work = std::move(work)] {
      std::fill_n(static_cast<unsigned char*>(workspace), kWorkspace, static_cast<unsigned char>(0xA5));
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

void Convolutions::forward(const ConvolutionShape& shape, const float* input, const float* weights, float* output,
                           void* workspace) {
  state_->enqueue(shape, false, workspace, [=, bits = state_->bits] {
    compute(shape, Way::kForward, input, weights, output, false, bits);
  });
}

void Convolutions::backward_weights(const ConvolutionShape& shape, const float* input, const float* gradient,
                                    float* weight_gradient, void* workspace) {
  state_->enqueue(shape, true, workspace, [=, bits = state_->bits] {
    compute(shape, Way::kWeights, input, gradient, weight_gradient, false, bits);
  });
}

void Convolutions::backward_input(const ConvolutionShape& shape, const float* weights, const float* gradient,
                                  float* input_gradient, bool accumulate, void* workspace) {
  state_->enqueue(shape, true, workspace, [=, bits = state_->bits] {
    compute(shape, Way::kInput, weights, gradient, input_gradient, accumulate, bits);
  });
}

struct DenseProducts::State {
  const Stream& stream;
  int bits;
};

DenseProducts::DenseProducts(const Stream& stream, const MathOptions& options)
    : state_(new State{stream, bits_of(options)}) {}
DenseProducts::~DenseProducts() = default;

void DenseProducts::forward(const DenseShape& shape, const float* input, const float* weights, float* output) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    compute(shape, Way::kForward, input, weights, output, false, bits);
  });
}

void DenseProducts::backward_weights(const DenseShape& shape, const float* input, const float* gradient,
                                     float* weight_gradient) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    compute(shape, Way::kWeights, input, gradient, weight_gradient, false, bits);
  });
}

void DenseProducts::backward_input(const DenseShape& shape, const float* weights, const float* gradient,
                                   float* input_gradient, bool accumulate) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    compute(shape, Way::kInput, weights, gradient, input_gradient, accumulate, bits);
  });
}

}  // namespace fl::cuda
