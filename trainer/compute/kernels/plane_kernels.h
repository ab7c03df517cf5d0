#pragma once
// Coordinates in a plane o + a d1 + b d2 of parameter space, by least squares: the 2x2 normal equations,
// because directions are rarely orthogonal. The host's path and the device's both come to them here.

#include <cmath>

#include "trainer/base/host_device.h"

namespace fl::kernels {

struct PlaneCoordinates {
  double a = 0, b = 0;
  double off_plane = 0;  // rho = |(I - P)(theta - o)| / |theta - o|, in [0, 1]; 0 at the origin
};

// <d1, d1>, <d1, d2>, <d2, d2>.
struct PlaneGram {
  double g11 = 0, g12 = 0, g22 = 0;
};

// Of x = theta - o, given <x, d1>, <x, d2> and <x, x>. Parallel directions span a line and zero ones a point:
// then the coordinates are those on what there is.
FL_HD inline PlaneCoordinates plane_coordinates(const PlaneGram& g, double x1, double x2, double xx) {
  const double determinant = g.g11 * g.g22 - g.g12 * g.g12;
  PlaneCoordinates result;
  if (determinant > 1e-12 * g.g11 * g.g22) {
    result.a = (g.g22 * x1 - g.g12 * x2) / determinant;
    result.b = (g.g11 * x2 - g.g12 * x1) / determinant;
  } else if (g.g11 > 0) {
    result.a = x1 / g.g11;
  } else if (g.g22 > 0) {
    result.b = x2 / g.g22;
  }
  if (xx > 0) {
    const double rest = 1.0 - (result.a * x1 + result.b * x2) / xx;  // of 1, what is not in the plane
    result.off_plane = rest > 0 ? std::sqrt(rest < 1 ? rest : 1.0) : 0.0;
  }
  return result;
}

}  // namespace fl::kernels
