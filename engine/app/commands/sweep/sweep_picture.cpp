#include "engine/app/commands/sweep/sweep_picture.h"

#include <algorithm>
#include <cmath>

#include "engine/app/commands/sweep/best_cell.h"
#include "engine/figures/value_map.h"
#include "trainer/base/counted.h"
#include "trainer/subjects/record/report.h"
#include "trainer/sweep/sweep_folder.h"

namespace fl {
namespace {

using Results = std::vector<std::optional<CellResult>>;
using Figure = double CellResult::*;

constexpr double kWidth = 1280, kHeight = 720, kMargin = 32;
constexpr double kLogFrom = 20;     // a range with a larger ratio is shown by its logarithm
constexpr double kMostRatio = 1e3;  // what lies beyond would leave no colours for what matters

// What the cells say that share their first two values.
class Gathered {
 public:
  void add(const CellResult& result, Figure figure) {
    if (result.state == kCellFailed) {
      ++failed_;
    } else if (result.state == report_state(RunState::kDiverged) || !std::isfinite(result.*figure)) {
      ++diverged_;
    } else {
      sum_ += result.*figure;
      ++count_;
    }
  }
  // One that diverged is enough: a mean of the others would look like a success.
  [[nodiscard]] MapCell cell() const {
    using Kind = MapCell::Kind;
    if (diverged_ > 0) return {.kind = Kind::kDiverged};
    if (count_ > 0) return {.kind = Kind::kValue, .value = sum_ / count_};
    return {.kind = failed_ > 0 ? Kind::kFailed : Kind::kMissing};
  }

 private:
  double sum_ = 0;
  int count_ = 0, diverged_ = 0, failed_ = 0;
};

ValueMap map_of(const SweepPlan& plan, const Results& results, Figure figure) {
  const std::size_t columns = plan.axes[0].values.size();
  const std::size_t rows = plan.axes.size() > 1 ? plan.axes[1].values.size() : 1;
  std::vector<Gathered> gathered(columns * rows);
  const auto index = [&](std::size_t cell) {
    const auto place = plan.place(cell);
    return (plan.axes.size() > 1 ? place[1] : 0) * columns + place[0];
  };
  for (const auto& result : results)
    if (result) gathered[index(result->cell)].add(*result, figure);
  ValueMap map;
  for (const Gathered& each : gathered) map.cells.push_back(each.cell());
  map.across = plan.axes[0].key;
  map.columns = plan.axes[0].values;
  if (plan.axes.size() > 1) {
    map.up = plan.axes[1].key;
    map.rows = plan.axes[1].values;
  }
  if (plan.axes.size() <= 2)
    if (const CellResult* best = best_cell(results)) map.marked = index(best->cell);
  return map;
}

bool any_value(const ValueMap& map) {
  return std::ranges::any_of(map.cells,
                             [](const MapCell& cell) { return cell.kind == MapCell::Kind::kValue; });
}

ValueMap accuracy_map(const SweepPlan& plan, const Results& results) {
  ValueMap map = map_of(plan, results, &CellResult::test_accuracy);
  map.title = "Test accuracy";
  map.least = 0, map.most = 1;
  return map;
}

ValueMap loss_map(const SweepPlan& plan, const Results& results) {
  ValueMap map = map_of(plan, results, &CellResult::loss);
  map.title = "Training loss at the end";
  map.more_is_better = false;
  double low = HUGE_VAL, high = -HUGE_VAL;
  for (const MapCell& cell : map.cells) {
    if (cell.kind != MapCell::Kind::kValue) continue;
    low = std::min(low, cell.value);
    high = std::max(high, cell.value);
  }
  map.log = low > 0 && high > kLogFrom * low;
  map.capped = map.log && high > kMostRatio * low;
  if (map.capped) map.most = kMostRatio * low;
  if (map.log) map.title += ", logarithmic";
  return map;
}

std::string subtitle(const SweepPlan& plan, const Results& results) {
  const auto there = std::ranges::count_if(results, [](const auto& result) { return result.has_value(); });
  std::string words = static_cast<std::size_t>(there) == results.size()
                          ? counted(results.size(), "training")
                          : fmt::format("{} of {}", there, counted(results.size(), "training"));
  if (plan.axes.size() > 2) {
    std::string others;
    for (std::size_t i = 2; i < plan.axes.size(); ++i) others += (i == 2 ? "" : " and ") + plan.axes[i].key;
    words += "; means over " + others;
  } else if (const CellResult* best = best_cell(results)) {
    words += "; the best has a " + std::string(plan.axes.size() > 1 ? "frame" : "dark dot") + ": " +
             plan.words(best->cell);
  }
  const auto diverged = std::ranges::count_if(results, [](const auto& result) {
    return result && result->state == report_state(RunState::kDiverged);
  });
  if (diverged > 0)
    words += fmt::format("; {} diverged, and {} a cross", diverged, diverged == 1 ? "has" : "have");
  return words;
}

// The scene's title, as its text says it.
std::string title_of(const SweepPlan& plan) {
  const auto table = toml::parse(plan.scene);
  return table["title"].value_or(std::string("Sweep"));
}

}  // namespace

Result<void> draw_sweep(const SweepPictureOptions& options) {
  FL_TRY_LET(folder, SweepFolder::join(options.folder));
  FL_TRY_LET(results, folder->results());
  const SweepPlan& plan = folder->plan();
  Paper paper(kWidth, kHeight);
  paper.words({kMargin, 40}, title_of(plan), {.size = 30, .bold = true, .width = kWidth - 2 * kMargin});
  paper.words({kMargin, 78}, subtitle(plan, *results), {.size = 18, .width = kWidth - 2 * kMargin});
  std::vector<ValueMap> maps;
  for (ValueMap& map : std::vector{accuracy_map(plan, *results), loss_map(plan, *results)})
    if (any_value(map) || maps.empty()) maps.push_back(std::move(map));
  if (maps.size() == 2 && !any_value(maps[0])) maps.erase(maps.begin());  // without a test set
  const double width =
      (kWidth - 2 * kMargin - 24 * static_cast<double>(maps.size() - 1)) / static_cast<double>(maps.size());
  for (std::size_t i = 0; i < maps.size(); ++i)
    draw_value_map(paper, {kMargin + static_cast<double>(i) * (width + 24), 110}, {width, kHeight - 110 - 16},
                   maps[i]);
  return paper.save(options.out);
}

}  // namespace fl
