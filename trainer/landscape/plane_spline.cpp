#include "trainer/landscape/plane_spline.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/base/linear_algebra.h"
#include "trainer/compute/kernels/frame_kernels.h"

namespace fl {
namespace {

constexpr std::size_t kPolynomial = 6;
constexpr double kOfUsual = 0.75;  // tuned on recorded surfaces, those of a rough network among them

std::array<double, kPolynomial> monomials(const SurfacePlace& at) {
  return {1, at.x, at.y, at.x * at.x, at.x * at.y, at.y * at.y};
}

}  // namespace

double squared_distance(const SurfacePlace& one, const SurfacePlace& other) {
  const double dx = one.x - other.x, dy = one.y - other.y;
  return dx * dx + dy * dy;
}

void NearPlaces::add(double squared_distance, std::size_t place) {
  std::size_t at = 3;
  while (at > 0 && squared_distance < squared[at - 1]) --at;
  if (at == 3) return;
  for (std::size_t i = 2; i > at; --i) {
    squared[i] = squared[i - 1];
    which[i] = which[i - 1];
  }
  squared[at] = squared_distance;
  which[at] = place;
}

double SplineSystem::usual(std::vector<double> values) {
  FL_CHECK(!values.empty());
  const auto middle = values.begin() + std::ssize(values) / 2;
  std::ranges::nth_element(values, middle);
  return *middle;
}

std::optional<SplineSystem> SplineSystem::of(std::vector<SurfacePlace> places) {
  SplineSystem system;
  system.places_ = std::move(places);
  const std::size_t n = system.places_.size(), size = n + kPolynomial;
  if (n <= kPolynomial) return std::nullopt;
  std::vector<double> matrix(size * size, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    double nearest = NearPlaces::kFar;
    for (std::size_t j = 0; j < n; ++j) {
      const double squared = squared_distance(system.places_[j], system.places_[i]);
      matrix[i * size + j] = kernels::fifth_power(squared);
      if (j != i) nearest = std::min(nearest, squared);
    }
    system.spacing_.push_back(std::sqrt(nearest));
    const auto powers = monomials(system.places_[i]);
    for (std::size_t k = 0; k < kPolynomial; ++k)
      matrix[i * size + n + k] = matrix[(n + k) * size + i] = powers[k];
  }
  system.usual_spacing_ = usual(system.spacing_);
  auto inverted = inverse(matrix, size);
  if (!inverted) return std::nullopt;
  system.inverse_ = *std::move(inverted);
  return system;
}

PlaneSpline SplineSystem::through(std::span<const double> values) const {
  const std::size_t n = places_.size(), size = n + kPolynomial;
  FL_CHECK(values.size() == n);
  std::vector<double> c(size, 0.0);
  for (std::size_t j = 0; j < n; ++j)
    for (std::size_t i = 0; i < size; ++i) c[i] += inverse_[j * size + i] * values[j];
  PlaneSpline spline;
  std::copy_n(c.begin() + static_cast<std::ptrdiff_t>(n), kPolynomial, spline.polynomial);
  c.resize(n);
  spline.weights = std::move(c);
  for (std::size_t i = 0; i < n; ++i)
    spline.left_out.push_back(values[i] - spline.weights[i] / inverse_[i * size + i]);
  return spline;
}

double SplineSystem::usual_doubt(const NearPlaces& near, double usual_miss) const {
  return kOfUsual * std::min(1.0, std::sqrt(near.squared[0]) / usual_spacing_) * usual_miss;
}

double SplineSystem::doubt(const NearPlaces& near, std::span<const double> misses) const {
  if (near.squared[0] == 0) return 0;
  const double distance = std::sqrt(near.squared[0]);
  double sum = 0, weights = 0;
  for (std::size_t k = 0; k < near.which.size(); ++k) {
    const std::size_t place = near.which[k];
    if (near.squared[k] == NearPlaces::kFar || place >= places_.size()) continue;
    const double weight = 1 / std::sqrt(near.squared[k]);
    weights += weight;
    sum += weight * std::min(1.0, distance / spacing_[place]) * misses[place];
  }
  return weights > 0 ? sum / weights : 0;
}

}  // namespace fl
