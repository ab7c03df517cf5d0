#include "trainer/landscape/plane.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "trainer/base/check.h"

namespace fl {

PlaneCoordinates Plane::project(std::span<const float> params) const {
  FL_CHECK(params.size() == origin.size());
  double g11 = 0, g12 = 0, g22 = 0, x1 = 0, x2 = 0, xx = 0;
  for (std::size_t i = 0; i < params.size(); ++i) {
    const double u = d1[i], v = d2[i];
    const double x = static_cast<double>(params[i]) - static_cast<double>(origin[i]);
    g11 += u * u;
    g12 += u * v;
    g22 += v * v;
    x1 += x * u;
    x2 += x * v;
    xx += x * x;
  }
  const double determinant = g11 * g22 - g12 * g12;
  PlaneCoordinates result;
  if (determinant > 1e-12 * g11 * g22) {
    result.a = (g22 * x1 - g12 * x2) / determinant;
    result.b = (g11 * x2 - g12 * x1) / determinant;
  } else if (g11 > 0) {  // parallel, or one of them zero: what is left is a line
    result.a = x1 / g11;
  } else if (g22 > 0) {
    result.b = x2 / g22;
  }
  if (xx > 0) {
    const double in_plane = result.a * x1 + result.b * x2;  // |P x|^2
    result.off_plane = std::sqrt(std::clamp(1.0 - in_plane / xx, 0.0, 1.0));
  }
  return result;
}

void Plane::flip_b() {
  for (float& value : d2) value = -value;
  b_min = -std::exchange(b_max, -b_min);
}

}  // namespace fl
