#pragma once
// The cells of a map that were trained since the window was opened: whoever comes back to the map, from one
// of its cells for example, finds it as far as it was. Any thread.

#include <memory>
#include <mutex>
#include <vector>

#include "trainer/subjects/sweep_map/sweep_grid.h"

namespace fl {

// Those of one map.
class KeptCells {
 public:
  explicit KeptCells(std::size_t cells) : results_(cells) {}
  [[nodiscard]] SweepResults known() const;
  void note(const CellResult& result);
  // The map begins anew.
  void forget();

 private:
  mutable std::mutex mutex_;
  SweepResults results_;
};

// Of the map that was opened last; it stays through other lessons, until another map is opened.
class KeptMap {
 public:
  // What is kept of the map with this plan, over images with these contents (Dataset::contents).
  std::shared_ptr<KeptCells> cells_of(const SweepPlan& plan, const std::vector<std::uint64_t>& contents);

 private:
  std::mutex mutex_;
  SweepPlan plan_;
  std::vector<std::uint64_t> contents_;
  std::shared_ptr<KeptCells> cells_;
};

}  // namespace fl
