#pragma once
// Which trainings a sweep consists of: a scene, and a cell for each combination of its axes' values.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "trainer/base/json.h"
#include "trainer/base/result.h"
#include "trainer/sweep/axis.h"

namespace fl {

inline constexpr std::size_t kMostCells = 1'000'000;

struct SweepPlan {
  std::string scene;  // its text, complete: what all cells have in common
  std::vector<Axis> axes;

  // Of all values, at most kMostCells (check).
  [[nodiscard]] std::size_t cells() const;
  // Errors: no axis, two of one key, too many cells.
  [[nodiscard]] Result<void> check() const;
  // Which value of each axis; the last axis runs fastest.
  [[nodiscard]] std::vector<std::size_t> place(std::size_t cell) const;
  // That value of an axis.
  [[nodiscard]] const std::string& value(std::size_t cell, std::size_t axis) const {
    return axes[axis].values[place(cell)[axis]];
  }
  // "train.rate=0.01, train.seed=3".
  [[nodiscard]] std::string words(std::size_t cell) const;
  // All cells from coarse to fine: a map of every 2^k-th value is whole before a finer one begins.
  [[nodiscard]] std::vector<std::size_t> order() const;

  [[nodiscard]] std::string json() const;
  // Nothing where it is not what json() writes.
  static std::optional<SweepPlan> parse(std::string_view json);

  bool operator==(const SweepPlan&) const = default;
};

}  // namespace fl
