#include "trainer/data/sources/phantom_shapes.h"

#include <cmath>
#include <numbers>

namespace fl {

double Outline::angle_of(std::size_t i) {
  return (static_cast<double>(i) / kAngles * 2 - 1) * std::numbers::pi;
}

Polar to_polar(Point p) {
  return {p, std::sqrt(p.x * p.x + p.y * p.y), std::atan2(p.y, p.x)};
}

double Outline::radius(double angle) const {
  const double position =
      (angle / (2 * std::numbers::pi) + 0.5) * kAngles + 4.0 * kAngles;  // positive for any angle used
  const auto whole = static_cast<std::size_t>(position);
  const double fraction = position - static_cast<double>(whole);
  return (1 - fraction) * radii_[whole % kAngles] + fraction * radii_[(whole + 1) % kAngles];
}

double Outline::depth(const Polar& p) const {
  return radius(p.angle) - p.distance;
}

Relief::Relief(double cell, RandomStream& random) : cell_(cell) {
  for (float& value : values_) value = static_cast<float>(random.normal());
}

double Relief::at(Point p) const {
  const auto wrapped = [](double v) { return v - std::floor(v / kNodes) * kNodes; };
  const double x = wrapped(p.x / cell_ + kNodes / 2.0), y = wrapped(p.y / cell_ + kNodes / 2.0);
  const int x0 = static_cast<int>(x) % kNodes, y0 = static_cast<int>(y) % kNodes;
  const double fx = x - std::floor(x), fy = y - std::floor(y);
  const double sx = fx * fx * (3 - 2 * fx), sy = fy * fy * (3 - 2 * fy);
  const auto value = [&](int dx, int dy) {
    return static_cast<double>(
        values_[static_cast<std::size_t>((y0 + dy) % kNodes * kNodes + (x0 + dx) % kNodes)]);
  };
  return (1 - sy) * ((1 - sx) * value(0, 0) + sx * value(1, 0)) +
         sy * ((1 - sx) * value(0, 1) + sx * value(1, 1));
}

}  // namespace fl
