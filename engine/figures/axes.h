#pragma once
// The frame of a plot: round numbers along two axes, and where a point lies between them.

#include <string>

#include "engine/figures/paper.h"

namespace fl {

struct AxisRange {
  double low = 0, high = 1;
  bool log = false;    // in powers of ten; low > 0
  bool whole = false;  // counts: no number between two whole ones
  std::string name = {};
};

class Axes {
 public:
  // Into a rectangle of the page, numbers and names included.
  Axes(glm::dvec2 corner, glm::dvec2 size, AxisRange across, AxisRange up);

  // Grid, numbers and names; `title` above the plot's left edge.
  void draw(Paper& paper, const std::string& title, bool grid = true) const;
  // Clamped to the plot.
  [[nodiscard]] glm::dvec2 place(double x, double y) const;
  [[nodiscard]] glm::dvec2 corner() const { return corner_; }
  [[nodiscard]] glm::dvec2 size() const { return size_; }

 private:
  glm::dvec2 corner_, size_;  // of the plot itself
  AxisRange across_, up_;
};

}  // namespace fl
