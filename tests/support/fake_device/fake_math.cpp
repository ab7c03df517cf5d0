// Convolutions and dense products as plain loops, summed in double; operands rounded as far as the options and the
// test say.
#include <bit>
#include <cmath>
#include <map>
#include <vector>

#include "tests/support/fake_device/fake_device.h"
#include "trainer/backend/cuda/convolution.h"
#include "trainer/backend/cuda/dense.h"

namespace fl::cuda {
namespace {

constexpr std::size_t kWorkspace = 4096;  // bytes, to see that callers bring what they were asked for

std::size_t s(int value) {
  return static_cast<std::size_t>(value);
}

// f(input index, weight index, output index) for every product of the convolution.
template <typename F>
void each_product(const ConvolutionShape& c, F f) {
  const int per_group = c.in_channels / c.groups, out_per_group = c.out_channels / c.groups;
  for (int n = 0; n < c.batch; ++n)
    for (int o = 0; o < c.out_channels; ++o)
      for (int i = 0; i < per_group; ++i) {
        const int channel = o / out_per_group * per_group + i;
        const std::size_t in_plane = (s(n) * s(c.in_channels) + s(channel)) * s(c.in_height) * s(c.in_width);
        const std::size_t out_plane = (s(n) * s(c.out_channels) + s(o)) * s(c.out_height) * s(c.out_width);
        for (int ky = 0; ky < c.kernel; ++ky)
          for (int kx = 0; kx < c.kernel; ++kx) {
            const std::size_t w = ((s(o) * s(per_group) + s(i)) * s(c.kernel) + s(ky)) * s(c.kernel) + s(kx);
            for (int y = 0; y < c.out_height; ++y) {
              const int iy = y * c.stride + ky - c.padding;
              if (iy < 0 || iy >= c.in_height) continue;
              for (int x = 0; x < c.out_width; ++x) {
                const int ix = x * c.stride + kx - c.padding;
                if (ix < 0 || ix >= c.in_width) continue;
                f(in_plane + s(iy * c.in_width + ix), w, out_plane + s(y * c.out_width + x));
              }
            }
          }
      }
}

std::size_t in_floats(const ConvolutionShape& c) {
  return s(c.batch) * s(c.in_channels) * s(c.in_height) * s(c.in_width);
}
std::size_t out_floats(const ConvolutionShape& c) {
  return s(c.batch) * s(c.out_channels) * s(c.out_height) * s(c.out_width);
}
std::size_t weight_floats(const ConvolutionShape& c) {
  return s(c.out_channels) * s(c.in_channels / c.groups) * s(c.kernel) * s(c.kernel);
}

void store(const std::vector<double>& sums, float* out, bool accumulate) {
  for (std::size_t i = 0; i < sums.size(); ++i)
    out[i] = static_cast<float>(accumulate ? static_cast<double>(out[i]) + sums[i] : sums[i]);
}

int bits_of(const MathOptions& options) {
  return options.tf32 ? fake::kTf32Bits : fake::operand_bits();
}

// To the nearest, ties to even.
double rounded(float value, int bits) {
  if (bits < 23 && std::isfinite(value)) {
    const int dropped = 23 - bits;
    auto word = std::bit_cast<std::uint32_t>(value);
    word += (1u << (dropped - 1)) - 1 + (word >> dropped & 1u);
    value = std::bit_cast<float>(word & ~((1u << dropped) - 1));
  }
  return static_cast<double>(value);
}

std::vector<double> operands(const float* values, std::size_t count, int bits) {
  std::vector<double> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = rounded(values[i], bits);
  return all;
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
  // f(input index, weight index, output index) for every product.
  template <typename F>
  static void each(const DenseShape& shape, F f) {
    const std::size_t in = s(shape.in), out = s(shape.out);
    for (std::size_t n = 0; n < s(shape.batch); ++n)
      for (std::size_t o = 0; o < out; ++o)
        for (std::size_t i = 0; i < in; ++i) f(n * in + i, o * in + i, n * out + o);
  }
};

DenseProducts::DenseProducts(const Stream& stream, const MathOptions& options)
    : state_(new State{stream, bits_of(options)}) {}
DenseProducts::~DenseProducts() = default;

void DenseProducts::forward(const DenseShape& shape, const float* input, const float* weights, float* output) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    const auto in = operands(input, s(shape.batch) * s(shape.in), bits);
    const auto filter = operands(weights, s(shape.in) * s(shape.out), bits);
    std::vector<double> sums(s(shape.batch) * s(shape.out));
    State::each(shape, [&](std::size_t i, std::size_t w, std::size_t o) { sums[o] += in[i] * filter[w]; });
    store(sums, output, false);
  });
}

void DenseProducts::backward_weights(const DenseShape& shape, const float* input, const float* gradient,
                                     float* weight_gradient) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    const auto in = operands(input, s(shape.batch) * s(shape.in), bits);
    const auto above = operands(gradient, s(shape.batch) * s(shape.out), bits);
    std::vector<double> sums(s(shape.in) * s(shape.out));
    State::each(shape, [&](std::size_t i, std::size_t w, std::size_t o) { sums[w] += in[i] * above[o]; });
    store(sums, weight_gradient, false);
  });
}

void DenseProducts::backward_input(const DenseShape& shape, const float* weights, const float* gradient,
                                   float* input_gradient, bool accumulate) {
  fake::enqueue(state_->stream, [=, bits = state_->bits] {
    const auto filter = operands(weights, s(shape.in) * s(shape.out), bits);
    const auto above = operands(gradient, s(shape.batch) * s(shape.out), bits);
    std::vector<double> sums(s(shape.batch) * s(shape.in));
    State::each(shape, [&](std::size_t i, std::size_t w, std::size_t o) { sums[i] += filter[w] * above[o]; });
    store(sums, input_gradient, accumulate);
  });
}

}  // namespace fl::cuda
