#pragma once
// A loss surface from above: colours of height, contour lines at round losses, and the paths on it.

#include <string>
#include <vector>

#include "engine/figures/axes.h"

namespace fl {

struct ContourPath {
  std::string name;
  std::vector<glm::dvec2> points;  // a, b; what is not finite is a gap
};

struct ContourFigure {
  std::string title;
  double a_min = -1, a_max = 1, b_min = -1, b_max = 1;
  std::size_t side = 0;       // points along each direction
  std::vector<float> losses;  // [b][a]; NaN: a hole, or nothing is known
  bool log = false;           // colours and lines follow the logarithm; losses are > 0
  std::vector<ContourPath> paths;
};

// A line of a height: pieces of two points each, in the grid's own coordinates (0 to side - 1), by marching
// squares with the average deciding at a saddle. Squares with a hole have none.
[[nodiscard]] std::vector<std::pair<glm::dvec2, glm::dvec2>> contour_pieces(std::span<const float> heights,
                                                                            std::size_t side, double level);

void draw_contours(Paper& paper, glm::dvec2 corner, glm::dvec2 size, const ContourFigure& figure);

}  // namespace fl
