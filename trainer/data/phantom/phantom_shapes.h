#pragma once
// The shapes a phantom head is made of, in millimetres in the head's own frame: origin in the middle of the
// skull, x to the image's right, y towards the back of the head.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <numbers>
#include <span>
#include <vector>

#include "trainer/base/random.h"

namespace fl {

struct Point {
  double x = 0, y = 0;
};

// 0 up to `low`, 1 from `high` on, smooth between.
inline double smooth_step(double low, double high, double x) {
  const double t = std::clamp((x - low) / (high - low), 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

// A point with its polar coordinates, which every outline asks for.
struct Polar {
  Point point;
  double distance = 0, angle = 0;
};
Polar to_polar(Point p);

// A closed outline about the origin: its radius as a function of the polar angle.
class Outline {
 public:
  static constexpr std::size_t kAngles = 360;
  // Where an angle lies between two of the outline's own; the same for every outline.
  struct Place {
    std::size_t before, after;
    double fraction;
  };
  static Place place_of(double angle) {
    const double position =
        (angle / (2 * std::numbers::pi) + 0.5) * kAngles + 4.0 * kAngles;  // positive for any angle used
    const auto whole = static_cast<std::uint32_t>(position);
    return {whole % kAngles, (whole + 1) % kAngles, position - whole};
  }
  [[nodiscard]] double radius(const Place& p) const {
    return (1 - p.fraction) * radii_[p.before] + p.fraction * radii_[p.after];
  }
  [[nodiscard]] double radius(double angle) const { return radius(place_of(angle)); }
  // How far inside the outline a point lies, along its radius; negative outside.
  [[nodiscard]] double depth(const Polar& p) const { return radius(p.angle) - p.distance; }
  [[nodiscard]] double& at(std::size_t i) { return radii_[i]; }
  [[nodiscard]] double at(std::size_t i) const { return radii_[i]; }
  static double angle_of(std::size_t i);

 private:
  std::array<double, kAngles> radii_{};
};

// The fluid spaces that blood can fill.
enum class Space : std::uint8_t { kNone, kSubarachnoid, kVentricle };

// A line of varying thickness: sulci, ventricles, membranes.
struct Stroke {
  struct Node {
    Point point;
    double radius = 1;
  };
  std::vector<Node> nodes;
  double hu = 0;
  double edge = 1;  // width of the transition, mm
  Space space = Space::kNone;
};

struct Ellipse {
  Point centre;
  double rx = 1, ry = 1, angle = 0;
  double hu = 0;
  double edge = 1;
};

// Smooth random relief with unit variance on a grid of nodes, for texture and wandering borders.
class Relief {
 public:
  Relief() = default;
  // `cell`: the distance between nodes, mm.
  Relief(double cell, RandomStream& random);
  [[nodiscard]] double at(Point p) const;
  // The same for many points; the spans are of one length.
  void at(std::span<const double> xs, std::span<const double> ys, std::span<double> out) const;
  // No value is further from 0.
  [[nodiscard]] double bound() const { return bound_; }

 private:
  static constexpr int kNodes = 48;
  double cell_ = 1, bound_ = 0;
  std::array<float, static_cast<std::size_t>(kNodes) * kNodes> values_{};
};

}  // namespace fl
