#include "trainer/landscape/plane.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "trainer/base/check.h"

namespace fl {

PlaneCoordinates Plane::project(std::span<const float> params) const {
  FL_CHECK(params.size() == origin.size());
  kernels::PlaneGram gram;
  double x1 = 0, x2 = 0, xx = 0;
  for (std::size_t i = 0; i < params.size(); ++i) {
    const double u = d1[i], v = d2[i];
    const double x = static_cast<double>(params[i]) - static_cast<double>(origin[i]);
    gram.g11 += u * u;
    gram.g12 += u * v;
    gram.g22 += v * v;
    x1 += x * u;
    x2 += x * v;
    xx += x * x;
  }
  return kernels::plane_coordinates(gram, x1, x2, xx);
}

PlaneMap::PlaneMap(const Plane& from, const Plane& to) {
  FL_CHECK(from.origin.size() == to.origin.size());
  double g11 = 0, g12 = 0, g22 = 0;
  std::array<double, 3> x1{}, x2{};
  for (std::size_t i = 0; i < to.origin.size(); ++i) {
    const double u = to.d1[i], v = to.d2[i];
    g11 += u * u;
    g12 += u * v;
    g22 += v * v;
    const std::array<double, 3> x{static_cast<double>(from.origin[i]) - static_cast<double>(to.origin[i]),
                                  from.d1[i], from.d2[i]};
    for (std::size_t j = 0; j < 3; ++j) {
      x1[j] += x[j] * u;
      x2[j] += x[j] * v;
      for (std::size_t k = 0; k < 3; ++k) rest_[j][k] += x[j] * x[k];
    }
  }
  const double determinant = g11 * g22 - g12 * g12;
  for (std::size_t j = 0; j < 3; ++j) {
    a_[j] = (x1[j] * g22 - x2[j] * g12) / determinant;
    b_[j] = (x2[j] * g11 - x1[j] * g12) / determinant;
  }
  // What is left is at right angles to what is not.
  for (std::size_t j = 0; j < 3; ++j)
    for (std::size_t k = 0; k < 3; ++k) rest_[j][k] -= a_[j] * x1[k] + b_[j] * x2[k];
  half_ = std::min((to.a_max - to.a_min) * std::sqrt(g11), (to.b_max - to.b_min) * std::sqrt(g22)) / 2;
}

PlaneMap::Place PlaneMap::operator()(double a, double b) const {
  const std::array<double, 3> share{1, a, b};
  Place place;
  double squared = 0;
  for (std::size_t j = 0; j < 3; ++j) {
    place.a += share[j] * a_[j];
    place.b += share[j] * b_[j];
    for (std::size_t k = 0; k < 3; ++k) squared += share[j] * share[k] * rest_[j][k];
  }
  place.off = std::sqrt(std::max(squared, 0.0)) / half_;
  return place;
}

void Plane::widen(double times) {
  const auto about_middle = [times](double& low, double& high) {
    const double middle = (low + high) / 2, half = times * (high - low) / 2;
    low = middle - half;
    high = middle + half;
  };
  about_middle(a_min, a_max);
  about_middle(b_min, b_max);
}

void Plane::flip_b() {
  for (float& value : d2) value = -value;
  b_min = -std::exchange(b_max, -b_min);
}

}  // namespace fl
