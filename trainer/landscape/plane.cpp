#include "trainer/landscape/plane.h"

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

void Plane::flip_b() {
  for (float& value : d2) value = -value;
  b_min = -std::exchange(b_max, -b_min);
}

}  // namespace fl
