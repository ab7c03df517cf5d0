#include "trainer/landscape/path_plane.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr double kMargin = 1.5;
// Differences of weights carry the rounding of the weights: what is left of one below this is noise.
constexpr double kNoise = 1e-4;

using Wide = std::vector<double>;

Wide less(std::span<const float> x, std::span<const float> y) {
  Wide difference(x.size());
  for (std::size_t i = 0; i < x.size(); ++i)
    difference[i] = static_cast<double>(x[i]) - static_cast<double>(y[i]);
  return difference;
}

double product(const Wide& x, const Wide& y) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += x[i] * y[i];
  return sum;
}

std::vector<float> scaled(const Wide& x, double factor) {
  std::vector<float> all(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) all[i] = static_cast<float>(x[i] * factor);
  return all;
}

}  // namespace

std::optional<Plane> plane_through(std::span<const float> first, std::span<const float> second,
                                   std::span<const float> third) {
  FL_CHECK(first.size() == second.size() && first.size() == third.size());
  const Wide along = less(third, first);
  Wide across = less(second, first);
  const double squared = product(along, along), reach = std::sqrt(product(across, across));
  if (!(squared > 0)) return std::nullopt;
  const double share = product(along, across) / squared;
  for (std::size_t i = 0; i < across.size(); ++i) across[i] -= share * along[i];
  const double left = std::sqrt(product(across, across));
  if (!(left > kNoise * reach)) return std::nullopt;
  Plane plane;
  plane.origin.assign(third.begin(), third.end());
  plane.d1 = scaled(along, 1 / std::sqrt(squared));
  plane.d2 = scaled(across, 1 / left);
  return plane;
}

void fit_extents(Plane& plane, const std::vector<Snapshot>& path) {
  double a_low = 0, a_high = 0, b_low = 0, b_high = 0;
  for (const Snapshot& snapshot : path) {
    const PlaneCoordinates at = plane.project(snapshot.params);
    a_low = std::min(a_low, at.a);
    a_high = std::max(a_high, at.a);
    b_low = std::min(b_low, at.b);
    b_high = std::max(b_high, at.b);
  }
  const double half = kMargin * std::max(a_high - a_low, b_high - b_low) / 2;
  plane.a_min = (a_low + a_high) / 2 - half;
  plane.a_max = (a_low + a_high) / 2 + half;
  plane.b_min = (b_low + b_high) / 2 - half;
  plane.b_max = (b_low + b_high) / 2 + half;
}

void move_onto(Plane& plane, std::span<const float> point) {
  const PlaneCoordinates at = plane.project(point);
  for (std::size_t i = 0; i < point.size(); ++i)
    plane.origin[i] =
        static_cast<float>(static_cast<double>(point[i]) - at.a * static_cast<double>(plane.d1[i]) -
                           at.b * static_cast<double>(plane.d2[i]));
}

}  // namespace fl
