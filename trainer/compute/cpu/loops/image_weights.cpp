#include "trainer/compute/cpu/loops/image_weights.h"

#include <algorithm>
#include <cstring>

#include "trainer/base/check.h"
#include "trainer/compute/cpu/loops/instructions.h"

namespace fl {
namespace {

constexpr std::size_t kEight = ImageWeights::kBlock, kTaps = 9;
using EightOutputs [[gnu::vector_size(kEight * sizeof(float))]] = float;

// Adds one image's part to taps[kTaps] and sum: `rim` one channel with its rim, `gradient` one block of
// outputs.
[[gnu::always_inline]] inline void add_plane(const float* rim, const float* gradient, std::size_t height,
                                             std::size_t width, EightOutputs* taps, EightOutputs& sum) {
  const std::size_t line = width + 2;
  EightOutputs plane[kTaps] = {}, plane_sum = {};
  for (std::size_t y = 0; y < height; ++y) {
    const float *above = rim + y * line, *here = above + line, *below = here + line;
    EightOutputs row[kTaps] = {}, row_sum = {};
    for (std::size_t x = 0; x < width; ++x) {
      EightOutputs g;
      std::memcpy(&g, gradient + (y * width + x) * kEight, sizeof(g));
      for (std::size_t k = 0; k < 3; ++k) {
        row[k] += g * above[x + k];
        row[3 + k] += g * here[x + k];
        row[6 + k] += g * below[x + k];
      }
      row_sum += g;
    }
    for (std::size_t k = 0; k < kTaps; ++k) plane[k] += row[k];
    plane_sum += row_sum;
  }
  for (std::size_t k = 0; k < kTaps; ++k) taps[k] += plane[k];
  sum += plane_sum;
}

using AddPlane = void (*)(const float*, const float*, std::size_t, std::size_t, EightOutputs*, EightOutputs&);

void add_plane_plain(const float* rim, const float* gradient, std::size_t height, std::size_t width,
                     EightOutputs* taps, EightOutputs& sum) {
  add_plane(rim, gradient, height, width, taps, sum);
}

#ifdef __x86_64__
[[gnu::target("avx2,fma")]] void add_plane_avx2(const float* rim, const float* gradient, std::size_t height,
                                                std::size_t width, EightOutputs* taps, EightOutputs& sum) {
  add_plane(rim, gradient, height, width, taps, sum);
}
#endif

AddPlane add_plane_here() {
#ifdef __x86_64__
  if (has_avx2_and_fma()) return add_plane_avx2;
#endif
  return add_plane_plain;
}

}  // namespace

ImageWeights::ImageWeights(std::size_t images, std::size_t channels, std::size_t height, std::size_t width,
                           std::size_t outputs)
    : images_(images),
      channels_(channels),
      height_(height),
      width_(width),
      outputs_(outputs),
      padded_(images * channels * (height + 2) * (width + 2)) {
  FL_CHECK(outputs % kEight == 0);
}

void ImageWeights::pad(const float* image) {
#pragma omp parallel for schedule(static)
  for (std::size_t plane = 0; plane < images_ * channels_; ++plane)
    for (std::size_t y = 0; y < height_; ++y)
      std::copy_n(image + (plane * height_ + y) * width_, width_,
                  padded_.data() + (plane * (height_ + 2) + y + 1) * (width_ + 2) + 1);
}

void ImageWeights::run(const float* image, const float* output_gradient, float* weight_gradient,
                       float* bias_gradient) {
  pad(image);
  const AddPlane add = add_plane_here();
  const std::size_t blocks = outputs_ / kEight, rim = (height_ + 2) * (width_ + 2);
#pragma omp parallel for schedule(static)
  for (std::size_t block = 0; block < blocks; ++block)
    for (std::size_t channel = 0; channel < channels_; ++channel) {
      EightOutputs taps[kTaps] = {}, sum = {};
      for (std::size_t i = 0; i < images_; ++i)
        add(padded_.data() + (i * channels_ + channel) * rim,
            output_gradient + (i * blocks + block) * height_ * width_ * kEight, height_, width_, taps, sum);
      for (std::size_t lane = 0; lane < kEight; ++lane) {
        const std::size_t output = block * kEight + lane;
        for (std::size_t k = 0; k < kTaps; ++k)
          weight_gradient[(output * channels_ + channel) * kTaps + k] = taps[k][lane];
        if (bias_gradient != nullptr && channel == 0) bias_gradient[output] = sum[lane];
      }
    }
}

}  // namespace fl
