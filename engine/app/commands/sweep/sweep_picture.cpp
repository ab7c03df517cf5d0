#include "engine/app/commands/sweep/sweep_picture.h"

#include <algorithm>

#include "engine/figures/value_map.h"
#include "trainer/base/counted.h"
#include "trainer/subjects/record/report.h"
#include "trainer/subjects/sweep_map/sweep_grid.h"

namespace fl {
namespace {

constexpr double kWidth = 1280, kHeight = 720, kMargin = 32;

MapCell cell_of(const SweepPlace& place) {
  using Kind = MapCell::Kind;
  switch (place.kind) {
    case SweepPlace::Kind::kValue:
      return {.kind = Kind::kValue, .value = place.value};
    case SweepPlace::Kind::kDiverged:
      return {.kind = Kind::kDiverged};
    case SweepPlace::Kind::kFailed:
      return {.kind = Kind::kFailed};
    case SweepPlace::Kind::kMissing:
      break;
  }
  return {};
}

ValueMap map_of(const SweepPlan& plan, const SweepResults& results, const SweepGrid& grid) {
  ValueMap map;
  for (const SweepPlace& place : grid.places) map.cells.push_back(cell_of(place));
  map.across = plan.axes[0].key;
  map.columns = plan.axes[0].values;
  if (plan.axes.size() > 1) {
    map.up = plan.axes[1].key;
    map.rows = plan.axes[1].values;
  }
  if (plan.axes.size() <= 2)
    if (const CellResult* best = best_cell(results)) map.marked = place_of_cell(plan, best->cell);
  return map;
}

bool any_value(const ValueMap& map) {
  return std::ranges::any_of(map.cells,
                             [](const MapCell& cell) { return cell.kind == MapCell::Kind::kValue; });
}

ValueMap accuracy_map(const SweepPlan& plan, const SweepResults& results) {
  ValueMap map = map_of(plan, results, sweep_grid(plan, results, SweepFigure::kTestAccuracy));
  map.title = "Test accuracy";
  map.least = 0, map.most = 1;
  return map;
}

ValueMap loss_map(const SweepPlan& plan, const SweepResults& results) {
  const SweepGrid grid = sweep_grid(plan, results, SweepFigure::kLoss);
  ValueMap map = map_of(plan, results, grid);
  map.title = "Training loss at the end";
  map.more_is_better = false;
  map.log = grid.log;
  map.capped = grid.capped;
  if (map.capped) map.most = grid.high;
  if (map.log) map.title += ", logarithmic";
  return map;
}

std::string subtitle(const SweepPlan& plan, const SweepResults& results) {
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
