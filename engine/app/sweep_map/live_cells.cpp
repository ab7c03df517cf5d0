#include "engine/app/sweep_map/live_cells.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "trainer/base/failure_text.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

constexpr std::int64_t kStepsATurn = 4;  // of each training: some milliseconds

}  // namespace

LiveCells::LiveCells(std::unique_ptr<CellTrainer> cells, const SweepResults& known, std::size_t lanes,
                     std::shared_ptr<KeptCells> kept)
    : cells_(std::move(cells)),
      order_(cells_->plan().order()),
      left_(static_cast<std::size_t>(std::ranges::count_if(known, [](const auto& r) { return !r; }))),
      lanes_(std::clamp<std::size_t>(lanes, 1, std::max<std::size_t>(left_, 1))),
      kept_(std::move(kept)) {}

Result<std::unique_ptr<LiveCells>> LiveCells::share(std::unique_ptr<CellTrainer> cells,
                                                    const SweepResults& known, std::size_t lanes,
                                                    SweepFolder folder, HeldFolder held) {
  auto live = std::make_unique<LiveCells>(std::move(cells), known, lanes);
  for (std::size_t i = 0; i < live->lanes_.size(); ++i) {
    FL_TRY_LET(claims, folder.worker(i));
    live->lanes_[i].claims = *std::move(claims);
  }
  live->held_ = std::move(held);
  live->folder_ = folder;
  live->others_ = std::make_unique<FolderCells>(std::move(folder), known.size() - live->left_);
  return live;
}

void LiveCells::take(Lane& lane, const SweepResults& results) {
  if (lane.claims) {
    auto cell = lane.claims->next();
    if (!cell) throw std::runtime_error(cell.error().message);
    lane.cell = *cell;
    return;
  }
  while (next_ < order_.size() && results[order_[next_]]) ++next_;
  if (next_ < order_.size()) lane.cell = order_[next_++];
}

void LiveCells::go_on(Lane& lane) {
  if (!lane.cell || lane.result) return;
  try {
    if (!lane.training) {
      auto training = cells_->open(*lane.cell);
      if (training)
        lane.training = *std::move(training);
      else
        lane.result = CellTrainer::failed(*lane.cell, training.error().message);
      return;
    }
    for (std::int64_t left = kStepsATurn; left > 0 && !lane.training->over();)
      left -= lane.training->advance(left);
    if (lane.training->over()) lane.result = CellTrainer::result_of(*lane.cell, *lane.training);
  } catch (const std::exception& failure) {
    lane.result = CellTrainer::failed(*lane.cell, failure_text(failure) + ".");
  }
}

bool LiveCells::work(SweepResults& results) {
  for (Lane& lane : lanes_)
    if (!lane.cell) take(lane, results);
  if (GroupBackend* group = cells_->group())
    group->each(lanes_.size(), [&](std::size_t i) { go_on(lanes_[i]); });
  else
    std::ranges::for_each(lanes_, [&](Lane& lane) { go_on(lane); });
  bool ended = false;
  for (Lane& lane : lanes_) {
    if (!lane.result) continue;
    if (lane.claims)
      if (auto written = lane.claims->finish(*lane.result); !written)
        throw std::runtime_error(written.error().message);
    if (kept_) kept_->note(*lane.result);
    ended = true;
    results[*lane.cell] = std::move(lane.result);
    lane.result.reset();
    lane.training.reset();
    lane.cell.reset();
  }
  left_ = static_cast<std::size_t>(std::ranges::count_if(results, [](const auto& r) { return !r; }));
  if (ended && folder_ && left_ == 0)
    if (auto written = folder_->write_table(results); !written) log_warning("{}", written.error().message);
  return std::ranges::any_of(lanes_, [](const Lane& lane) { return lane.cell.has_value(); }) ||
         (!held_ && left_ > 0);
}

bool LiveCells::listen(SweepResults& results) {
  return others_ && others_->listen(results);
}

bool LiveCells::begin_again() {
  if (held_) return false;  // what lies in a folder stays
  if (kept_) kept_->forget();
  for (Lane& lane : lanes_) lane = {};
  next_ = 0;
  left_ = order_.size();
  return true;
}

}  // namespace fl
