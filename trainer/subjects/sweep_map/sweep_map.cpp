#include "trainer/subjects/sweep_map/sweep_map.h"

#include <algorithm>
#include <utility>

#include "trainer/subjects/record/report.h"
#include "trainer/subjects/sweep_map/seed_bars.h"

namespace fl {
namespace {

float shade_of(const SweepGrid& grid, const SweepPlace& place) {
  switch (place.kind) {
    case SweepPlace::Kind::kMissing:
      return kSweepMissing;
    case SweepPlace::Kind::kDiverged:
      return kSweepDiverged;
    case SweepPlace::Kind::kFailed:
      return kSweepFailed;
    case SweepPlace::Kind::kValue:
      break;
  }
  return static_cast<float>(grid.share(place.value));
}

}  // namespace

SweepMap::SweepMap(SweepPlan plan, SweepResults known, std::unique_ptr<CellSource> source)
    : plan_(std::make_shared<const SweepPlan>(std::move(plan))),
      results_(std::move(known)),
      source_(std::move(source)),
      of_seeds_(vary_in_seed(*plan_)) {
  facts_.columns = static_cast<std::uint32_t>(plan_->axes[0].values.size());
  facts_.rows = plan_->axes.size() > 1 ? static_cast<std::uint32_t>(plan_->axes[1].values.size()) : 1;
  facts_.cells = static_cast<std::uint32_t>(results_.size());
  shades_.resize(kSweepFigures * facts_.columns * facts_.rows);
}

FrameCapacity SweepMap::capacity() const {
  return {.grid_side = 2,
          .path_points = 1,
          .step_points = 1,
          .epoch_points = 1,
          .sweep_cells = facts_.columns * facts_.rows,
          .seeds = of_seeds_};
}

SubjectFacts SweepMap::facts() {
  return {.seed = 1};
}

bool SweepMap::work(std::size_t /*points*/) {
  const auto known = [&] {
    return std::ranges::count_if(results_, [](const auto& r) { return r.has_value(); });
  };
  const auto before = known();
  const bool more = source_->work(results_);
  if (known() != before) ++version_;
  return more;
}

void SweepMap::listen() {
  if (source_->listen(results_)) ++version_;
}

std::vector<std::string> SweepMap::tell(const LandscapePlace& place) const {
  if (!(place.a >= 0 && place.a < facts_.columns && place.b >= 0 && place.b < facts_.rows)) return {};
  const std::size_t at =
      static_cast<std::size_t>(place.b) * facts_.columns + static_cast<std::size_t>(place.a);
  const std::size_t cell = first_cell_at(*plan_, at);
  return cell_words(*plan_, cell, results_[cell]);
}

void SweepMap::apply(const Command& command) {
  if (!std::holds_alternative<command::Reset>(command) || !source_->begin_again()) return;
  std::ranges::fill(results_, std::nullopt);
  ++version_;
}

void SweepMap::shade() {
  for (const SweepFigure figure : {SweepFigure::kTestAccuracy, SweepFigure::kLoss}) {
    const auto index = static_cast<std::size_t>(figure);
    const SweepGrid grid = sweep_grid(*plan_, results_, figure);
    for (std::size_t i = 0; i < grid.places.size(); ++i)
      shades_[index * grid.places.size() + i] = shade_of(grid, grid.places[i]);
    facts_.scales[index] = {.values = static_cast<std::uint32_t>(grid.values()),
                            .low = static_cast<float>(grid.low),
                            .high = static_cast<float>(grid.high),
                            .log = grid.log ? 1u : 0u,
                            .capped = grid.capped ? 1u : 0u};
  }
  facts_.known = facts_.diverged = facts_.failed = 0;
  for (const auto& result : results_) {
    if (!result) continue;
    ++facts_.known;
    facts_.diverged += result->state == report_state(RunState::kDiverged) ? 1 : 0;
    facts_.failed += result->state == kCellFailed ? 1 : 0;
  }
  if (of_seeds_) facts_.seeds = seed_bars(results_, bars_);
  const CellResult* best = best_cell(results_);
  facts_.best = best != nullptr ? static_cast<std::int32_t>(place_of_cell(*plan_, best->cell)) : -1;
}

bool SweepMap::publish(FrameSink& sink, RunState state, double steps_per_second) {
  const auto slot = sink.try_begin_write();
  if (!slot) return false;
  if (std::exchange(shaded_, version_) != version_) shade();
  Frame frame;
  frame.facts.state = state;
  frame.facts.steps_per_second = static_cast<float>(steps_per_second);
  frame.facts.sweep = facts_;
  std::ranges::copy(shades_, slot->sweep_cells().begin());
  if (of_seeds_) std::ranges::copy(bars_, slot->seed_bars().begin());
  sink.publish(*slot, frame);
  return true;
}

}  // namespace fl
