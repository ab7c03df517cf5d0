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
    const auto in = operands(input, in_floats(shape), bits), filter = operands(weights, weight_floats(shape), bits);
    std::vector<double> sums(out_floats(shape));
    each_product(shape, [&](std::size_t i, std::size_t w, std::size_t o) { sums[o] += in[i] * filter[w]; });
    store(sums, output, false);
  });
}

void Convolutions::backward_weights(const ConvolutionShape& shape, const float* input, const float* gradient,
                                    float* weight_gradient, void* workspace) {
  state_->enqueue(shape, true, workspace, [=, bits = state_->bits] {
    const auto in = operands(input, in_floats(shape), bits), above = operands(gradient, out_floats(shape), bits);
    std::vector<double> sums(weight_floats(shape));
    each_product(shape, [&](std::size_t i, std::size_t w, std::size_t o) { sums[w] += in[i] * above[o]; });
    store(sums, weight_gradient, false);
  });
}

void Convolutions::backward_input(const ConvolutionShape& shape, const float* weights, const float* gradient,
                                  float* input_gradient, bool accumulate, void* workspace) {
  state_->enqueue(shape, true, workspace, [=, bits = state_->bits] {
    const auto filter = operands(weights, weight_floats(shape), bits), above = operands(gradient, out_floats(shape), bits);
    std::vector<double> sums(in_floats(shape));
    each_product(shape, [&](std::size_t i, std::size_t w, std::size_t o) { sums[i] += filter[w] * above[o]; });
    store(sums, input_gradient, accumulate);
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
    const auto in = operands(input, s(shape.batch) * s(shape.in), bits);
    const auto filter = operands(weights, s(shape.in) * s(shape.out), bits);
    std::vector<double> sums(s(shape.batch) * s(shape.out));
    each_product(shape, [&](std::size_t i, std::size_t w, std::size_t o) { sums[o] += in[i] * filter[w]; });
    store(sums, output, false);
  });
}

void DenseProducts::backward_weights(const DenseShape& shape, const float* input, const float* gradient,
                                     float* weight_gradient) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    const auto in = operands(input, s(shape.batch) * s(shape.in), bits);
    const auto above = operands(gradient, s(shape.batch) * s(shape.out), bits);
    std::vector<double> sums(s(shape.in) * s(shape.out));
    each_product(shape, [&](std::size_t i, std::size_t w, std::size_t o) { sums[w] += in[i] * above[o]; });
    store(sums, weight_gradient, false);
  });
}

void DenseProducts::backward_input(const DenseShape& shape, const float* weights, const float* gradient,
                                   float* input_gradient, bool accumulate) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    const auto filter = operands(weights, s(shape.in) * s(shape.out), bits);
    const auto above = operands(gradient, s(shape.batch) * s(shape.out), bits);
    std::vector<double> sums(s(shape.batch) * s(shape.in));
    each_product(shape, [&](std::size_t i, std::size_t w, std::size_t o) { sums[i] += filter[w] * above[o]; });
    store(sums, input_gradient, accumulate);
  });
}

}  // namespace fl::cuda
