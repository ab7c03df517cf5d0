#pragma once
// Convolutions and dense products as plain loops, summed in double, for devices made of host memory.

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "trainer/compute/cuda/plan/convolution.h"
#include "trainer/compute/cuda/plan/dense.h"

namespace fl::cuda::fake {

inline std::size_t s(int value) {
  return static_cast<std::size_t>(value);
}

inline std::size_t in_floats(const ConvolutionShape& c) {
  return s(c.batch) * s(c.in_channels) * s(c.in_height) * s(c.in_width);
}
inline std::size_t out_floats(const ConvolutionShape& c) {
  return s(c.batch) * s(c.out_channels) * s(c.out_height) * s(c.out_width);
}
inline std::size_t weight_floats(const ConvolutionShape& c) {
  return s(c.out_channels) * s(c.in_channels / c.groups) * s(c.kernel) * s(c.kernel);
}

inline std::size_t in_floats(const DenseShape& d) {
  return s(d.batch) * s(d.in);
}
inline std::size_t out_floats(const DenseShape& d) {
  return s(d.batch) * s(d.out);
}
inline std::size_t weight_floats(const DenseShape& d) {
  return s(d.in) * s(d.out);
}

inline void store(const std::vector<double>& sums, float* out, bool accumulate) {
  for (std::size_t i = 0; i < sums.size(); ++i)
    out[i] = static_cast<float>(accumulate ? static_cast<double>(out[i]) + sums[i] : sums[i]);
}

// To the nearest, ties to even.
inline double rounded(float value, int bits) {
  if (bits < 23 && std::isfinite(value)) {
    const int dropped = 23 - bits;
    auto word = std::bit_cast<std::uint32_t>(value);
    word += (1u << (dropped - 1)) - 1 + (word >> dropped & 1u);
    value = std::bit_cast<float>(word & ~((1u << dropped) - 1));
  }
  return static_cast<double>(value);
}

inline std::vector<double> operands(const float* values, std::size_t count, int bits) {
  std::vector<double> all(count);
  for (std::size_t i = 0; i < count; ++i) all[i] = rounded(values[i], bits);
  return all;
}

// What is formed of which two: outputs of inputs and weights, gradients of weights of inputs and gradients above,
// gradients of inputs of weights and gradients above.
enum class Way { kForward, kWeights, kInput };

// Adds every product to its sum (products.cpp).
void add_products(const ConvolutionShape& shape, Way way, const std::vector<double>& first, const std::vector<double>& second,
                  std::vector<double>& sums);
void add_products(const DenseShape& shape, Way way, const std::vector<double>& first, const std::vector<double>& second,
                  std::vector<double>& sums);

template <typename Shape>
void compute(const Shape& shape, Way way, const float* first, const float* second, float* out, bool accumulate, int bits) {
  const std::size_t in = in_floats(shape), filter = weight_floats(shape), above = out_floats(shape);
  const auto a = operands(first, way == Way::kInput ? filter : in, bits);
  const auto b = operands(second, way == Way::kForward ? filter : above, bits);
  std::vector<double> sums(way == Way::kForward ? above : way == Way::kWeights ? filter : in);
  add_products(shape, way, a, b, sums);
  store(sums, out, accumulate);
}

}  // namespace fl::cuda::fake
