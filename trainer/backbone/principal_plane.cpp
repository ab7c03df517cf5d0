#include "trainer/backbone/principal_plane.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "trainer/base/check.h"
#include "trainer/base/linear_algebra.h"

namespace fl {
namespace {

// Of the largest variance, below which a direction is rounding.
constexpr double kNoVariance = 1e-12;

double inner(std::span<const double> a, std::span<const double> b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

// The largest entry becomes positive, and the length 1.
void fix_axis(std::vector<double>& axis) {
  const auto largest = std::ranges::max_element(axis, {}, [](double value) { return std::abs(value); });
  const double factor = (*largest < 0 ? -1 : 1) / std::sqrt(inner(axis, axis));
  for (double& value : axis) value *= factor;
}

}  // namespace

std::array<double, 2> PrincipalPlane::place(std::span<const float> features) const {
  FL_CHECK(features.size() == mean.size());
  std::array<double, 2> at{};
  for (std::size_t i = 0; i < mean.size(); ++i)
    for (std::size_t k = 0; k < at.size(); ++k)
      at[k] += (static_cast<double>(features[i]) - mean[i]) * axes[k][i];
  return at;
}

std::optional<PrincipalPlane> principal_plane(std::span<const float> features, std::size_t count) {
  FL_CHECK(count > 0 && features.size() % count == 0);
  const std::size_t images = features.size() / count;
  if (images < 2) return std::nullopt;
  PrincipalPlane plane;
  plane.mean.resize(count);
  for (std::size_t i = 0; i < features.size(); ++i)
    plane.mean[i % count] += static_cast<double>(features[i]) / static_cast<double>(images);
  std::vector<double> centred(features.size());
  for (std::size_t i = 0; i < features.size(); ++i)
    centred[i] = static_cast<double>(features[i]) - plane.mean[i % count];
  const auto image = [&](std::size_t i) { return std::span(centred).subspan(i * count, count); };
  std::vector<double> gram(images * images);
  for (std::size_t i = 0; i < images; ++i)
    for (std::size_t j = i; j < images; ++j)
      gram[i * images + j] = gram[j * images + i] = inner(image(i), image(j));
  const auto eigen = symmetric_eigen(gram, images);
  if (!eigen || !(eigen->values.back() > 0)) return std::nullopt;
  double total = 0;
  for (const double value : eigen->values) total += std::max(value, 0.0);
  for (std::size_t k = 0; k < plane.axes.size(); ++k) {
    std::vector<double>& axis = plane.axes[k];
    axis.assign(count, 0);
    const std::size_t place = images - 1 - k;
    const double variance = eigen->values[place];
    if (variance <= kNoVariance * eigen->values.back()) continue;
    plane.shares[k] = variance / total;
    for (std::size_t i = 0; i < images; ++i) {
      const double share = eigen->vectors[place * images + i];
      std::ranges::transform(axis, image(i), axis.begin(),
                             [share](double sum, double value) { return sum + share * value; });
    }
    fix_axis(axis);
  }
  return plane;
}

SpreadOrder spread_order(std::span<const std::array<double, 2>> points) {
  SpreadOrder order;
  if (points.empty()) return order;
  std::vector<double> gaps(points.size(), std::numeric_limits<double>::infinity());
  const auto from_origin = [&](std::size_t i) {
    return std::max(std::abs(points[i][0]), std::abs(points[i][1]));
  };
  std::vector<std::size_t> left(points.size());
  std::iota(left.begin(), left.end(), std::size_t{0});
  std::size_t next = *std::ranges::max_element(left, {}, from_origin);
  while (true) {
    order.points.push_back(next);
    order.gaps.push_back(gaps[next]);
    std::erase(left, next);
    if (left.empty()) return order;
    for (const std::size_t i : left)
      gaps[i] = std::min(gaps[i], std::max(std::abs(points[i][0] - points[next][0]),
                                           std::abs(points[i][1] - points[next][1])));
    next = *std::ranges::max_element(left, {}, [&](std::size_t i) { return gaps[i]; });
  }
}

}  // namespace fl
