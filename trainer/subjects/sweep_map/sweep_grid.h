#pragma once
// A sweep's results over its first two axes: what its map shows in the window, and its figure on paper.

#include <cstddef>
#include <optional>
#include <vector>

#include "trainer/seam/sweep_facts.h"
#include "trainer/sweep/sweep_folder.h"

namespace fl {

using SweepResults = std::vector<std::optional<CellResult>>;  // by cell; nothing where there is none yet

// The cells that share their first two values.
struct SweepPlace {
  enum class Kind {
    kMissing,   // none of them is known
    kValue,     // the mean of those known
    kDiverged,  // one did: a mean of the others would look like a success
    kFailed     // none could be trained
  };
  Kind kind = Kind::kMissing;
  double value = 0;  // finite where kind is kValue
};

struct SweepGrid {
  std::size_t columns = 0, rows = 0;
  std::vector<SweepPlace> places;  // [row][column]; row 0 has the second axis' first value
  // Of the values, from colour to colour.
  double low = 0, high = 1;
  bool log = false;     // colours follow the logarithm: the values are > 0 and span more than a decade
  bool capped = false;  // values beyond `high` look like `high`

  [[nodiscard]] std::size_t values() const;
  // Of a place with a value: 0 at `low` to 1 at `high`.
  [[nodiscard]] double share(double value) const;
};

// Precondition: plan.check(), results of all its cells.
[[nodiscard]] SweepGrid sweep_grid(const SweepPlan& plan, const SweepResults& results, SweepFigure figure);
// Where a cell is in it, row * columns + column; and back, the first cell there.
[[nodiscard]] std::size_t place_of_cell(const SweepPlan& plan, std::size_t cell);
[[nodiscard]] std::size_t first_cell_at(const SweepPlan& plan, std::size_t place);

// Of those that finished: the highest test accuracy, the lower test loss among equals; the lowest loss where
// nothing is tested. Null: none finished. Points into `results`.
[[nodiscard]] const CellResult* best_cell(const SweepResults& results);

}  // namespace fl
