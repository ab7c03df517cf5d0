#pragma once
// Which cell of a sweep did best.

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "trainer/subjects/record/report.h"
#include "trainer/sweep/sweep_folder.h"

namespace fl {

// Of those that finished: the highest test accuracy, the lower test loss among equals; the lowest loss where
// nothing is tested. Null: none finished. Points into `results`.
[[nodiscard]] inline const CellResult* best_cell(const std::vector<std::optional<CellResult>>& results) {
  const auto rank = [](const CellResult& result) {
    const bool tested = std::isfinite(result.test_accuracy);
    return std::pair(tested ? result.test_accuracy : -1, -(tested ? result.test_loss : result.loss));
  };
  const CellResult* best = nullptr;
  for (const auto& result : results)
    if (result && result->state == report_state(RunState::kFinished) && std::isfinite(result->loss) &&
        (best == nullptr || rank(*result) > rank(*best)))
      best = &*result;
  return best;
}

}  // namespace fl
