#include "trainer/subjects/sweep_map/sweep_grid.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "trainer/subjects/record/report.h"

namespace fl {
namespace {

using PlaceKind = SweepPlace::Kind;

constexpr double kLogFrom = 20;     // a range with a larger ratio is shown by its logarithm
constexpr double kMostRatio = 1e3;  // what lies beyond would leave no colours for what matters

class Gathered {
 public:
  void add(const CellResult& result, double value) {
    if (result.state == kCellFailed) {
      ++failed_;
    } else if (result.state == report_state(RunState::kDiverged) || !std::isfinite(value)) {
      ++diverged_;
    } else {
      sum_ += value;
      ++count_;
    }
  }
  [[nodiscard]] SweepPlace place() const {
    if (diverged_ > 0) return {.kind = PlaceKind::kDiverged};
    if (count_ > 0) return {.kind = PlaceKind::kValue, .value = sum_ / count_};
    return {.kind = failed_ > 0 ? PlaceKind::kFailed : PlaceKind::kMissing};
  }

 private:
  double sum_ = 0;
  int count_ = 0, diverged_ = 0, failed_ = 0;
};

std::size_t rows_of(const SweepPlan& plan) {
  return plan.axes.size() > 1 ? plan.axes[1].values.size() : 1;
}

}  // namespace

std::size_t SweepGrid::values() const {
  return static_cast<std::size_t>(std::ranges::count(places, PlaceKind::kValue, &SweepPlace::kind));
}

double SweepGrid::share(double value) const {
  if (!(high > low)) return 0;
  const double share = log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  return std::clamp(share, 0.0, 1.0);
}

std::size_t place_of_cell(const SweepPlan& plan, std::size_t cell) {
  const auto at = plan.place(cell);
  return (plan.axes.size() > 1 ? at[1] : 0) * plan.axes[0].values.size() + at[0];
}

std::size_t first_cell_at(const SweepPlan& plan, std::size_t place) {
  const std::size_t columns = plan.axes[0].values.size(), rows = rows_of(plan);
  return (place % columns * rows + place / columns) * (plan.cells() / (columns * rows));
}

SweepGrid sweep_grid(const SweepPlan& plan, const SweepResults& results, SweepFigure figure) {
  SweepGrid grid{.columns = plan.axes[0].values.size(), .rows = rows_of(plan), .places = {}};
  std::vector<Gathered> gathered(grid.columns * grid.rows);
  for (const auto& result : results)
    if (result)
      gathered[place_of_cell(plan, result->cell)].add(
          *result, figure == SweepFigure::kLoss ? result->loss : result->test_accuracy);
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const Gathered& each : gathered) {
    grid.places.push_back(each.place());
    if (grid.places.back().kind != PlaceKind::kValue) continue;
    low = std::min(low, grid.places.back().value);
    high = std::max(high, grid.places.back().value);
  }
  if (!(low <= high)) return grid;
  if (figure == SweepFigure::kTestAccuracy) {  // between round tenths
    grid.low = std::floor(10 * low) / 10;
    grid.high = std::max(std::ceil(10 * high), std::floor(10 * low) + 1) / 10;
    return grid;
  }
  grid.low = low;
  grid.high = high;
  grid.log = low > 0 && high > kLogFrom * low;
  grid.capped = grid.log && high > kMostRatio * low;
  if (grid.capped) grid.high = kMostRatio * low;
  return grid;
}

const CellResult* best_cell(const SweepResults& results) {
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
