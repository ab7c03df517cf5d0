#include "engine/app/sweep_map/kept_cells.h"

#include <algorithm>

namespace fl {

SweepResults KeptCells::known() const {
  const std::scoped_lock lock(mutex_);
  return results_;
}

void KeptCells::note(const CellResult& result) {
  const std::scoped_lock lock(mutex_);
  results_.at(result.cell) = result;
}

void KeptCells::forget() {
  const std::scoped_lock lock(mutex_);
  std::ranges::fill(results_, std::nullopt);
}

std::shared_ptr<KeptCells> KeptMap::cells_of(const SweepPlan& plan,
                                             const std::vector<std::uint64_t>& contents) {
  const std::scoped_lock lock(mutex_);
  if (!cells_ || plan_ != plan || contents_ != contents) {
    plan_ = plan;
    contents_ = contents;
    cells_ = std::make_shared<KeptCells>(plan.cells());
  }
  return cells_;
}

}  // namespace fl
