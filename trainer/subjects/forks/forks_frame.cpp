// What forks bring into a frame: lanes beside that of the run, as a race has them.

#include <algorithm>
#include <cmath>

#include "trainer/seam/frame_words.h"
#include "trainer/subjects/forks/forks.h"
#include "trainer/subjects/race/lane_losses.h"

namespace fl {
namespace {

// Of a fork's epochs on its curve; of more, every n-th.
constexpr std::size_t kMostEpochPoints = 512;

std::size_t epoch_stride(const Training& training) {
  return (static_cast<std::size_t>(training.spec().epochs) + kMostEpochPoints - 1) / kMostEpochPoints;
}

}  // namespace

void Forks::add_to(FrameCapacity& capacity) const {
  if (training_.gpu()) return;
  constexpr std::size_t kMoreThanPoints = 4;  // the start, the end, the edge, the newest
  const std::size_t epochs = static_cast<std::size_t>(training_.spec().epochs) / epoch_stride(training_) + 2;
  capacity.path_points += static_cast<std::uint32_t>(kMost * (points_ + kMoreThanPoints));
  capacity.epoch_points += static_cast<std::uint32_t>(kMost * epochs);
}

LaneFacts Forks::run_facts(const Frame& frame) const {
  LaneFacts facts{.epochs = frame.facts.epoch_count,
                  .each_step = 1 / static_cast<float>(training_.steps_per_epoch())};
  const auto& records = training_.history().epochs;
  if (!records.empty()) facts.test_accuracy = records.back().point().test_accuracy;
  facts.diverged = training_.state() == RunState::kDiverged ? 1 : 0;
  set_words(facts.words, "the run");
  return facts;
}

// Its curve begins at the epoch before it left the run.
LaneFacts Forks::facts_of(const Fork& fork, std::vector<EpochPoint>& epochs) const {
  LaneFacts facts{.first_epoch = static_cast<std::uint32_t>(epochs.size()),
                  .each_step = 1 / static_cast<float>(training_.steps_per_epoch())};
  const auto& records = fork.course().history.epochs;
  const std::size_t stride = epoch_stride(training_);
  const auto before = static_cast<std::size_t>(fork.from() / training_.steps_per_epoch());
  const std::size_t first = before > 0 ? before - 1 : stride - 1;
  for (std::size_t e = first; e < records.size(); e += stride) epochs.push_back(records[e].point());
  facts.epochs = static_cast<std::uint32_t>(epochs.size()) - facts.first_epoch;
  facts.point_epochs = static_cast<float>(stride);
  facts.epochs_before = static_cast<float>(first + 1) - facts.point_epochs;
  if (!records.empty()) facts.test_accuracy = records.back().point().test_accuracy;
  facts.diverged = fork.course().state == RunState::kDiverged ? 1 : 0;
  set_words(facts.words, fork.words());
  return facts;
}

void Forks::write(SlotWriter& writer, const FrameSlot& slot, Frame& frame, std::span<Fork* const> others) {
  const FramedPlane* framed = landscape_.framed();
  std::vector<Fork*> shown(others.begin(), others.end());
  for (const auto& fork : forks_) shown.push_back(fork.get());
  if (shown.empty() || framed == nullptr || landscape_.path().empty()) return;
  FrameHeader& header = frame.header;
  RaceFacts& race = frame.facts.race;
  race.forks = 1;
  race.tested = training_.split().test.empty() ? 0 : 1;
  race.reach = static_cast<float>(training_.spec().epochs);
  const std::span own = std::span(landscape_.path()).last(header.path_count);
  std::vector<PathPoint> path(own.begin(), own.end());
  std::vector<EpochPoint> epochs;
  const auto& records = training_.history().epochs;
  for (std::size_t e = 0; e < frame.facts.epoch_count; ++e) epochs.push_back(records[e].point());
  LaneLosses losses;
  race.lane[0] = run_facts(frame);
  losses.add(own, race.lane[0]);
  header.paths[0] = {.first = 0, .count = header.path_count, .ball = header.ball};
  std::uint32_t lanes = 1;
  for (Fork* fork : shown) {
    fork->lay_on(framed->plane, landscape_.plane_number());
    if (fork->path().empty()) continue;  // its losses are being measured again
    LaneFacts& facts = race.lane.at(lanes) = facts_of(*fork, epochs);
    FramePath& place = header.paths[lanes] = {.first = static_cast<std::uint32_t>(path.size()),
                                              .count = static_cast<std::uint32_t>(fork->path().size()),
                                              .color = fork->number(),
                                              .diverged = fork->ended() ? 1u : 0u,
                                              .ball = fork->ball()};
    if (std::isfinite(place.ball.a))
      if (const auto told = framed->train.surface.predicted(place.ball.a, place.ball.b))
        place.ball.slice_loss = static_cast<float>(*told);
    path.insert(path.end(), fork->path().begin(), fork->path().end());
    losses.add(fork->path(), facts, false);
    ++lanes;
  }
  race.lanes = header.several_paths = lanes;
  losses.set_axis(frame.facts);
  frame.facts.epoch_count = static_cast<std::uint32_t>(epochs.size());
  writer.write_path(slot, path);
  writer.write_epochs(slot, epochs);
}

}  // namespace fl
