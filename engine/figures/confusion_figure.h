#pragma once
// A confusion matrix: a row for each true class, a column for each that was said; counts, and by its colour
// each cell's share of its row.

#include <string>
#include <vector>

#include "engine/figures/paper.h"

namespace fl {

struct ConfusionFigure {
  std::vector<std::string> classes;
  std::vector<std::vector<int>> counts;  // [true][said]
};

void draw_confusion(Paper& paper, glm::dvec2 corner, glm::dvec2 size, const ConfusionFigure& figure);

}  // namespace fl
