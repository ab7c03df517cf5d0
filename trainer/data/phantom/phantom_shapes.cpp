#include "trainer/data/phantom/phantom_shapes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "trainer/base/wide.h"

namespace fl {

double Outline::angle_of(std::size_t i) {
  return (static_cast<double>(i) / kAngles * 2 - 1) * std::numbers::pi;
}

Polar to_polar(Point p) {
  return {p, std::sqrt(p.x * p.x + p.y * p.y), std::atan2(p.y, p.x)};
}

Relief::Relief(double cell, RandomStream& random) : cell_(cell) {
  random.normals(values_);
  for (const float value : values_) bound_ = std::max(bound_, std::abs(static_cast<double>(value)));
}

FL_WIDE void Relief::at(std::span<const double> xs, std::span<const double> ys, std::span<double> out) const {
  // A block at a time, in two passes: the arithmetic of the first is a vector's.
  constexpr std::size_t kBlock = 64;
  std::array<double, kBlock> px, py, fx, fy;
  std::array<std::int32_t, kBlock> x0, y0;
  for (std::size_t begin = 0; begin < xs.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, xs.size() - begin);
    for (std::size_t i = 0; i < count; ++i) {
      px[i] = xs[begin + i] / cell_ + kNodes / 2.0;
      py[i] = ys[begin + i] / cell_ + kNodes / 2.0;
      x0[i] = static_cast<std::int32_t>(px[i]);
      y0[i] = static_cast<std::int32_t>(py[i]);
      const double u = px[i] - x0[i], v = py[i] - y0[i];
      fx[i] = u * u * (3 - 2 * u);
      fy[i] = v * v * (3 - 2 * v);
    }
    for (std::size_t i = 0; i < count; ++i) {
      // At the edge of the grid, where it wraps, and beyond it.
      const bool inside = px[i] >= 0 && px[i] < kNodes - 1 && py[i] >= 0 && py[i] < kNodes - 1;
      if (!inside) {
        out[begin + i] = at({xs[begin + i], ys[begin + i]});
        continue;
      }
      const float* node = &values_[static_cast<std::size_t>(y0[i] * kNodes + x0[i])];
      const auto value = [node](int at) { return static_cast<double>(node[at]); };
      out[begin + i] = (1 - fy[i]) * ((1 - fx[i]) * value(0) + fx[i] * value(1)) +
                       fy[i] * ((1 - fx[i]) * value(kNodes) + fx[i] * value(kNodes + 1));
    }
  }
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
