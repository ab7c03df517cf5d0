#pragma once
// What tells the cells of a height grid that are not evaluated, for a slot writer's own copy of the grid: the
// spline through those that are (trainer/landscape/surface_model.h).

#include <cstddef>
#include <cstdint>

namespace fl {

inline constexpr std::size_t kMostSplineTerms = 512;  // fitting takes the cube of it

// One evaluated point: x along a and y along b, from -1 to 1 over the grid, and its weight in the spline.
struct SplineTerm {
  double x = 0, y = 0;
  double weight = 0;
};

struct SurfaceSpline {
  // Terms [0, finite) are of losses that are finite, [finite, count) of holes.
  std::uint32_t finite = 0, count = 0;
  double polynomial[6] = {};  // of 1, x, y, x^2, xy, y^2
  double least = 0;           // no loss is predicted below
};

}  // namespace fl
