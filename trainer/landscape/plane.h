#pragma once
// A plane o + a d1 + b d2 through parameter space, the extents that are drawn, and honest coordinates: any
// point is projected by least squares (the 2x2 normal equations), because directions are rarely orthogonal,
// and its distance from the plane is said.

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/compute/kernels/plane_kernels.h"
#include "trainer/seam/frame.h"

namespace fl {

using kernels::PlaneCoordinates;

struct Plane {
  std::vector<float> origin, d1, d2;  // arena-shaped
  double a_min = -1, a_max = 1, b_min = -1, b_max = 1;
  DirectionKind kind = DirectionKind::kNone;
  double explained1 = 0, explained2 = 0;  // PCA only: shares of variance, and those of a random walk
  double null1 = 0, null2 = 0;
  double curvature1 = 0, curvature2 = 0;  // kCurvature only: of the loss at the origin, along each direction

  // As kernels::plane_coordinates has it.
  [[nodiscard]] PlaneCoordinates project(std::span<const float> params) const;
  // Turns the second direction round; the same plane, seen from the other side.
  void flip_b();
  // The same middle, sides so many times as long.
  void widen(double times);
};

// Where the points of one plane lie as seen from another; both of the same network.
class PlaneMap {
 public:
  PlaneMap(const Plane& from, const Plane& to);
  struct Place {
    double a = 0, b = 0;  // least-squares coordinates in `to`
    double off = 0;       // distance from it, as a share of the shorter half of its extents
  };
  [[nodiscard]] Place operator()(double a, double b) const;

 private:
  // Of from's origin, less to's, and of its two directions: coordinates in `to`, and what is left of them.
  std::array<double, 3> a_{}, b_{};
  std::array<std::array<double, 3>, 3> rest_{};  // dot products of what is left
  double half_ = 0;
};

}  // namespace fl
