#include "trainer/data/phantom_acquire.h"

#include <algorithm>
#include <cmath>

namespace fl {
namespace {

constexpr double kHardeningReach = 6;  // mm
constexpr float kBoneFrom = 300, kBoneScale = 800;

std::vector<float> gaussian(double sigma) {
  const int reach = std::max(1, static_cast<int>(std::ceil(3 * sigma)));
  std::vector<float> kernel;
  double sum = 0;
  for (int i = -reach; i <= reach; ++i) sum += std::exp(-0.5 * i * i / (sigma * sigma));
  for (int i = -reach; i <= reach; ++i)
    kernel.push_back(static_cast<float>(std::exp(-0.5 * i * i / (sigma * sigma)) / sum));
  return kernel;
}

// One pass along rows, written transposed: two passes make a blur whose reads are always contiguous.
void blur_rows(const std::vector<float>& from, std::vector<float>& to, int side,
               const std::vector<float>& kernel) {
  const int reach = static_cast<int>(kernel.size() / 2);
  const auto n = static_cast<std::size_t>(side);
  std::vector<float> padded(n + kernel.size() - 1);
  for (std::size_t y = 0; y < n; ++y) {
    for (int i = 0; i < static_cast<int>(padded.size()); ++i)
      padded[static_cast<std::size_t>(i)] =
          from[y * n + static_cast<std::size_t>(std::clamp(i - reach, 0, side - 1))];
    for (std::size_t x = 0; x < n; ++x) {
      float sum = 0;
      for (std::size_t k = 0; k < kernel.size(); ++k) sum += kernel[k] * padded[x + k];
      to[x * n + y] = sum;
    }
  }
}

void blur(std::vector<float>& image, int side, const std::vector<float>& kernel) {
  std::vector<float> turned(image.size());
  blur_rows(image, turned, side, kernel);
  blur_rows(turned, image, side, kernel);
}

}  // namespace

Acquisition draw_acquisition(RandomStream& random) {
  return {random.uniform(0.5, 1.1), random.uniform(1, 7), random.uniform(1.6, 4.8), random.uniform(0.5, 1.1)};
}

void acquire(HuSlice& slice, const Acquisition& acquisition, RandomStream& random) {
  auto& hu = slice.hounsfield;
  std::vector<float> bone(hu.size());
  std::transform(hu.begin(), hu.end(), bone.begin(),
                 [](float v) { return std::clamp((v - kBoneFrom) / kBoneScale, 0.0f, 1.0f); });
  blur(bone, slice.side, gaussian(kHardeningReach / slice.millimetres));
  blur(hu, slice.side, gaussian(std::max(acquisition.blur / slice.millimetres, 0.1)));

  std::vector<float> noise(hu.size());
  for (float& value : noise) value = static_cast<float>(random.normal());
  const auto kernel = gaussian(std::max(acquisition.grain / slice.millimetres, 0.1));
  blur(noise, slice.side, kernel);
  float power = 0;  // the blur's gain for white noise along one axis, squared
  for (const float weight : kernel) power += weight * weight;
  const float gain = static_cast<float>(acquisition.noise) / power;
  const auto hardening =
      static_cast<float>(acquisition.hardening) * 2;  // half of the blurred bone lies outside it
  for (std::size_t i = 0; i < hu.size(); ++i) hu[i] += hardening * bone[i] + gain * noise[i];
}

}  // namespace fl
