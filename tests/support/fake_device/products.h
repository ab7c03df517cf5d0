#pragma once
// Convolutions and dense products as plain loops, summed in double, for devices made of host memory.

#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

#include "trainer/backend/cuda/convolution.h"
#include "trainer/backend/cuda/dense.h"

namespace fl::cuda::fake {

inline std::size_t s(int value) {
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

inline std::size_t in_floats(const ConvolutionShape& c) {
  return s(c.batch) * s(c.in_channels) * s(c.in_height) * s(c.in_width);
}
inline std::size_t out_floats(const ConvolutionShape& c) {
  return s(c.batch) * s(c.out_channels) * s(c.out_height) * s(c.out_width);
}
inline std::size_t weight_floats(const ConvolutionShape& c) {
  return s(c.out_channels) * s(c.in_channels / c.groups) * s(c.kernel) * s(c.kernel);
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

// f(input index, weight index, output index) for every product of a dense layer.
template <typename F>
void each_product(const DenseShape& shape, F f) {
  const std::size_t in = s(shape.in), out = s(shape.out);
  for (std::size_t n = 0; n < s(shape.batch); ++n)
    for (std::size_t o = 0; o < out; ++o)
      for (std::size_t i = 0; i < in; ++i) f(n * in + i, o * in + i, n * out + o);
}

}  // namespace fl::cuda::fake
