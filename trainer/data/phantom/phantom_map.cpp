#include "trainer/data/phantom/phantom_map.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "trainer/base/wide.h"

namespace fl {
namespace {

// Sectors of the turn, told apart without an angle: by y / (|x| + |y|) in each quadrant. The narrowest is
// wider than two steps of an outline.
constexpr int kSectors = 64;

inline std::int32_t sector_of(double x, double y) {
  const double sum = std::abs(x) + std::abs(y);
  const double part = sum > 0 ? y / sum : 0.0;       // -1 to 1
  const double turn = x >= 0 ? 1 + part : 3 - part;  // 0 to 4
  return static_cast<std::int32_t>(turn * (kSectors / 4)) & (kSectors - 1);
}

using Bounds = std::array<double, kSectors>;

// The sector of each angle of an outline.
const std::array<int, Outline::kAngles>& outline_sectors() {
  static const auto all = [] {
    std::array<int, Outline::kAngles> sectors{};
    for (std::size_t i = 0; i < sectors.size(); ++i)
      sectors[i] = sector_of(std::cos(Outline::angle_of(i)), std::sin(Outline::angle_of(i)));
    return sectors;
  }();
  return all;
}

// The least and the largest radius anywhere in a sector. Between two angles an outline is a straight mix of
// both, of which each lies in the sector or in one beside it.
void bound(const Outline& outline, Bounds& least, Bounds& largest) {
  least.fill(1e300);
  largest.fill(-1e300);
  for (std::size_t i = 0; i < Outline::kAngles; ++i)
    for (int beside = -1; beside <= 1; ++beside) {
      const auto s = static_cast<std::size_t>((outline_sectors()[i] + beside) & (kSectors - 1));
      least[s] = std::min(least[s], outline.at(i));
      largest[s] = std::max(largest[s], outline.at(i));
    }
}

// Of the points of a row.
FL_WIDE void measure(const double* xs, const double* ys, std::size_t count, double* distances,
                     std::int32_t* sectors) {
  for (std::size_t i = 0; i < count; ++i) {
    distances[i] = std::sqrt(xs[i] * xs[i] + ys[i] * ys[i]);
    sectors[i] = sector_of(xs[i], ys[i]);
  }
}

constexpr double kSlack = 1e-6;  // mm: many times what rounding changes

}  // namespace

HeadMap::HeadMap(int side, double pixel, const Anatomy& anatomy, double deep)
    : side_(side),
      pixel_(pixel),
      half_(side / 2.0),
      centre_(anatomy.centre),
      cos_(std::cos(anatomy.angle)),
      sin_(std::sin(anatomy.angle)),
      zones_(static_cast<std::size_t>(side) * static_cast<std::size_t>(side)),
      angles_(zones_.size()),
      runs_(static_cast<std::size_t>(side)) {
  Bounds brain_least, brain_largest, skin_least, skin_largest;
  bound(anatomy.brain, brain_least, brain_largest);
  bound(anatomy.skin, skin_least, skin_largest);
  // What the skull's inner border and the skin are smeared over, and more.
  const double bevel = anatomy.bevel * (1 + std::abs(anatomy.bevel_tilt));
  const double air = 2 * pixel + bevel + 1;
  std::vector<double> xs(static_cast<std::size_t>(side)), ys(xs.size()), distances(xs.size());
  std::vector<std::int32_t> sectors(xs.size());
  for (int y = 0; y < side; ++y) {
    points(y, 0, xs, ys);
    measure(xs.data(), ys.data(), xs.size(), distances.data(), sectors.data());
    Run run{side, 0};
    for (int x = 0; x < side; ++x) {
      const auto i = static_cast<std::size_t>(x);
      const auto s = static_cast<std::size_t>(sectors[i]);
      const double distance = distances[i];
      Zone& zone = zones_[index(x, y)];
      zone = distance < brain_least[s] - deep - kSlack                      ? Zone::kDeep
             : distance < brain_largest[s] + 2 * pixel + kSlack             ? Zone::kBorder
             : distance < std::max(skin_largest[s], brain_largest[s]) + air ? Zone::kShell
                                                                            : Zone::kOutside;
      if (zone == Zone::kBorder || zone == Zone::kShell) angles_[index(x, y)] = std::atan2(ys[i], xs[i]);
      if (zone == Zone::kDeep || zone == Zone::kBorder) run = {std::min(run.first, x), x + 1};
    }
    if (run.first < run.last) runs_[static_cast<std::size_t>(y)] = run;
  }
}

void HeadMap::points(int y, int first, std::span<double> xs, std::span<double> ys) const {
  const double dy = (y + 0.5 - half_) * pixel_ - centre_.y;
  const auto count = static_cast<int>(xs.size());
  for (int i = 0; i < count; ++i) {
    const double dx = (first + i + 0.5 - half_) * pixel_ - centre_.x;
    xs[static_cast<std::size_t>(i)] = cos_ * dx + sin_ * dy;
    ys[static_cast<std::size_t>(i)] = -sin_ * dx + cos_ * dy;
  }
}

}  // namespace fl
