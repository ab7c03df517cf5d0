#include "trainer/data/sources/phantom_acquire.h"

#include <algorithm>
#include <cmath>

namespace fl {
namespace {

constexpr double kHardeningReach = 6, kHeadRadius = 90;  // mm
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

// Filtered back projection weighs noise by its frequency: there is next to none at the lowest ones, so the
// grain is that of a difference of two Gaussians. It is strongest where the rays crossed the whole head.
std::vector<float> draw_noise(const HuSlice& slice, const Acquisition& acquisition, RandomStream& random) {
  std::vector<float> noise(slice.hounsfield.size());
  for (float& value : noise) value = static_cast<float>(random.normal());
  std::vector<float> coarse = noise;
  const double sigma = std::max(acquisition.grain / slice.millimetres, 0.1);
  blur(noise, slice.side, gaussian(sigma));
  blur(coarse, slice.side, gaussian(3 * sigma));
  double power = 0;
  for (std::size_t i = 0; i < noise.size(); ++i) {
    noise[i] -= coarse[i];
    power += static_cast<double>(noise[i]) * static_cast<double>(noise[i]);
  }
  const double gain = acquisition.noise / std::sqrt(power / static_cast<double>(noise.size()));
  const double half = slice.side / 2.0;
  for (int y = 0; y < slice.side; ++y)
    for (int x = 0; x < slice.side; ++x) {
      const double r = std::hypot(x - half, y - half) * slice.millimetres / kHeadRadius;
      const double local = 0.8 + 0.4 * std::max(0.0, 1 - r * r);
      float& value = noise[static_cast<std::size_t>(y) * static_cast<std::size_t>(slice.side) +
                           static_cast<std::size_t>(x)];
      value *= static_cast<float>(gain * local);
    }
  return noise;
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

  const std::vector<float> noise = draw_noise(slice, acquisition, random);
  const auto hardening =
      static_cast<float>(acquisition.hardening) * 2;  // half of the blurred bone lies outside it
  for (std::size_t i = 0; i < hu.size(); ++i) hu[i] += hardening * bone[i] + noise[i];
}

}  // namespace fl
