#include "trainer/data/phantom/phantom_acquire.h"

#include <algorithm>
#include <array>
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

// Four floats, anywhere in memory: written out, because compilers keep the sums of plain loops in memory
// here.
using Four = float __attribute__((vector_size(16), aligned(4), may_alias));

template <std::size_t kFours>
inline void weigh_block(const float* const* rows, const float* kernel, std::size_t taps, std::size_t x,
                        float* out) {
  Four sums[kFours] = {};
  for (std::size_t k = 0; k < taps; ++k) {
    const auto* row = reinterpret_cast<const Four*>(rows[k] + x);
    for (std::size_t i = 0; i < kFours; ++i) sums[i] += kernel[k] * row[i];
  }
  auto* to = reinterpret_cast<Four*>(out + x);
  for (std::size_t i = 0; i < kFours; ++i) to[i] = sums[i];
}

// out[x] = sum over k of kernel[k] * rows[k][x], summed in that order, for x below `count`.
void weigh(const float* const* rows, const float* kernel, std::size_t taps, std::size_t count, float* out) {
  std::size_t x = 0;
  for (; x + 32 <= count; x += 32) weigh_block<8>(rows, kernel, taps, x, out);
  for (; x + 4 <= count; x += 4) weigh_block<1>(rows, kernel, taps, x, out);
  for (; x < count; ++x) {
    float sum = 0;
    for (std::size_t k = 0; k < taps; ++k) sum += kernel[k] * rows[k][x];
    out[x] = sum;
  }
}

// Along the rows, then across them; what lies beyond a border is like the border.
void blur(std::vector<float>& image, int side, const std::vector<float>& kernel) {
  const std::size_t n = static_cast<std::size_t>(side), reach = kernel.size() / 2;
  std::vector<float> along(image.size()), padded(n + 2 * reach);
  std::vector<const float*> rows(kernel.size());
  for (std::size_t k = 0; k < kernel.size(); ++k) rows[k] = padded.data() + k;
  for (std::size_t y = 0; y < n; ++y) {
    const float* row = image.data() + y * n;
    std::fill_n(padded.begin(), reach, row[0]);
    std::copy_n(row, n, padded.begin() + static_cast<std::ptrdiff_t>(reach));
    std::fill_n(padded.end() - static_cast<std::ptrdiff_t>(reach), reach, row[n - 1]);
    weigh(rows.data(), kernel.data(), kernel.size(), n, along.data() + y * n);
  }
  for (std::size_t y = 0; y < n; ++y) {
    for (std::size_t k = 0; k < kernel.size(); ++k) {
      const std::size_t from = std::clamp(y + k, reach, n - 1 + reach) - reach;
      rows[k] = along.data() + from * n;
    }
    weigh(rows.data(), kernel.data(), kernel.size(), n, image.data() + y * n);
  }
}

// Filtered back projection weighs noise by its frequency: there is next to none at the lowest ones, so the
// grain is that of a difference of two Gaussians. It is strongest where the rays crossed the whole head.
std::vector<float> draw_noise(const HuSlice& slice, const Acquisition& acquisition, RandomStream& random) {
  std::vector<float> noise(slice.hounsfield.size());
  random.normals(noise);
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
  const auto strength = [&](double distance) {
    const double r = distance * slice.millimetres / kHeadRadius;
    const double rise = 1 - r * r;
    return gain * (0.8 + 0.4 * (rise > 0.0 ? rise : 0.0));
  };
  std::vector<double> row(static_cast<std::size_t>(slice.side));
  float* value = noise.data();
  for (int y = 0; y < slice.side; ++y) {
    for (int x = 0; x < slice.side; ++x)
      row[static_cast<std::size_t>(x)] =
          strength(std::sqrt((x - half) * (x - half) + (y - half) * (y - half)));
    for (int x = 0; x < slice.side; ++x) {
      double& there = row[static_cast<std::size_t>(x)];
      // std::hypot differs in the last bit here and there, which nearly never decides what the nearest float
      // is.
      if (static_cast<float>(there * (1 - 1e-13)) != static_cast<float>(there * (1 + 1e-13)))
        there = strength(std::hypot(x - half, y - half));
      *value++ *= static_cast<float>(there);
    }
  }
  return noise;
}

}  // namespace

Acquisition draw_acquisition(RandomStream& random) {
  return {random.uniform(0.5, 1.1), random.uniform(1, 7), random.uniform(1.6, 4.8), random.uniform(0.5, 1.1)};
}

bool acquire(HuSlice& slice, const Acquisition& acquisition, RandomStream& random,
             const std::stop_token& stop) {
  auto& hu = slice.hounsfield;
  std::vector<float> bone(hu.size());
  std::transform(hu.begin(), hu.end(), bone.begin(),
                 [](float v) { return std::clamp((v - kBoneFrom) / kBoneScale, 0.0f, 1.0f); });
  blur(bone, slice.side, gaussian(kHardeningReach / slice.millimetres));
  blur(hu, slice.side, gaussian(std::max(acquisition.blur / slice.millimetres, 0.1)));

  if (stop.stop_requested()) return false;
  const std::vector<float> noise = draw_noise(slice, acquisition, random);
  const auto hardening =
      static_cast<float>(acquisition.hardening) * 2;  // half of the blurred bone lies outside it
  for (std::size_t i = 0; i < hu.size(); ++i) hu[i] += hardening * bone[i] + noise[i];
  return true;
}

}  // namespace fl
