#pragma once
// What somebody has chosen to see of a sweep's map.

#include <cstdint>

#include "trainer/seam/sweep_facts.h"

namespace fl {

struct SweepChoice {
  SweepFigure figure = SweepFigure::kTestAccuracy;  // of those that there are
  std::int32_t place = -1;                          // that is told of, row * columns + column; -1: none
  bool operator==(const SweepChoice&) const = default;
};

// The chosen figure, or the one that there is.
[[nodiscard]] inline SweepFigure shown_figure(const SweepFacts& facts, SweepFigure chosen) {
  const auto other = chosen == SweepFigure::kLoss ? SweepFigure::kTestAccuracy : SweepFigure::kLoss;
  const auto values = [&](SweepFigure figure) {
    return facts.scales[static_cast<std::size_t>(figure)].values;
  };
  return values(chosen) == 0 && values(other) > 0 ? other : chosen;
}

}  // namespace fl
