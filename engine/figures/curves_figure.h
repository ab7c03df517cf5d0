#pragma once
// Curves over epochs: each with its name at the end of the title's line, told apart by colour and by dashes.

#include <span>
#include <string>
#include <vector>

#include "engine/figures/axes.h"

namespace fl {

struct Curve {
  std::string name;
  Ink ink;
  std::span<const double> dash;
  std::vector<double> values;  // of epoch 1, 2, ...; what is not finite is a gap
};

struct CurvesFigure {
  std::string title;
  AxisRange up;  // its range is that of the values where low is not below high
  std::vector<Curve> curves;
};

void draw_curves(Paper& paper, glm::dvec2 corner, glm::dvec2 size, const CurvesFigure& figure);

}  // namespace fl
