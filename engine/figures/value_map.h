#pragma once
// A figure of one value over one or two things that vary: a map of coloured cells, or, over one, dots.
// Colours are those of the landscape's maps; what is no number has a sign of its own, and no colour tells
// anything alone.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/figures/paper.h"

namespace fl {

struct MapCell {
  enum class Kind {
    kMissing,  // nobody knows yet
    kValue,
    kDiverged,  // marked with a cross
    kFailed,    // with a dash
  };
  Kind kind = Kind::kMissing;
  double value = 0;  // finite where kind is kValue
};

struct ValueMap {
  std::string title;                            // "test accuracy"
  std::string across, up;                       // what varies; `up` empty: over one thing alone
  std::vector<std::string> columns, rows;       // its values; rows from the bottom
  std::vector<MapCell> cells;                   // [row][column]
  bool log = false;                             // colours and heights follow the logarithm; values are > 0
  bool more_is_better = true;                   // where the bright end of the colours is
  std::optional<std::size_t> marked = {};       // the cell that is named in the text
  std::optional<double> least = {}, most = {};  // of the scale, where it does not follow the values
  bool capped = false;  // values beyond `most` are shown as `most`, and the scale says so
};

// Into a rectangle of `paper`.
void draw_value_map(Paper& paper, glm::dvec2 corner, glm::dvec2 size, const ValueMap& map);

}  // namespace fl
