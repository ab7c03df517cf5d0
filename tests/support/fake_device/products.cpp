// The innermost loops. They touch nothing but vectors of the right sizes: what they read of a device's memory and
// write into it has passed operands() and store(), so that this file needs no sanitizer, which would take all the time.
#include "tests/support/fake_device/products.h"

namespace fl::cuda::fake {
namespace {

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
            const int left = kx - c.padding;  // of the first output
            int begin = 0, end = c.out_width;
            while (begin < end && begin * c.stride + left < 0) ++begin;
            while (end > begin && (end - 1) * c.stride + left >= c.in_width) --end;
            for (int y = 0; y < c.out_height; ++y) {
              const int iy = y * c.stride + ky - c.padding;
              if (iy < 0 || iy >= c.in_height) continue;
              const std::size_t in = in_plane + s(iy * c.in_width + begin * c.stride + left);
              const std::size_t out = out_plane + s(y * c.out_width + begin), count = s(end - begin), stride = s(c.stride);
              for (std::size_t x = 0; x < count; ++x) f(in + x * stride, w, out + x);
            }
          }
      }
}

// f(input index, weight index, output index) for every product of a dense layer.
template <typename F>
void each_product(const DenseShape& shape, F f) {
  const std::size_t in = s(shape.in), out = s(shape.out);
  for (std::size_t n = 0; n < s(shape.batch); ++n)
    for (std::size_t o = 0; o < out; ++o)
      for (std::size_t i = 0; i < in; ++i) f(n * in + i, o * in + i, n * out + o);
}

template <typename Shape>
void add(const Shape& shape, Way way, const double* first, const double* second, double* sums) {
  switch (way) {
    case Way::kForward:
      return each_product(shape, [=](std::size_t i, std::size_t w, std::size_t o) { sums[o] += first[i] * second[w]; });
    case Way::kWeights:
      return each_product(shape, [=](std::size_t i, std::size_t w, std::size_t o) { sums[w] += first[i] * second[o]; });
    case Way::kInput:
      return each_product(shape, [=](std::size_t i, std::size_t w, std::size_t o) { sums[i] += first[w] * second[o]; });
  }
}

}  // namespace

void add_products(const ConvolutionShape& shape, Way way, const std::vector<double>& first, const std::vector<double>& second,
                  std::vector<double>& sums) {
  add(shape, way, first.data(), second.data(), sums.data());
}
void add_products(const DenseShape& shape, Way way, const std::vector<double>& first, const std::vector<double>& second,
                  std::vector<double>& sums) {
  add(shape, way, first.data(), second.data(), sums.data());
}

}  // namespace fl::cuda::fake
