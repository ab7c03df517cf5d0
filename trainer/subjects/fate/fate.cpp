#include "trainer/subjects/fate/fate.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <fmt/format.h>

#include "trainer/landscape/path_plane.h"

namespace fl {
namespace {

constexpr std::size_t kPathPoints = 48;   // of a fork, at most
constexpr std::int64_t kMeasurings = 16;  // of a line, while it is trained
constexpr std::int64_t kStepsAtOnce = 4;  // without the run

bool over(const Fate::Pair& pair) {
  return pair.forks[0] && pair.forks[0]->over() && pair.forks[1]->over();
}

const std::vector<float>& weights_of(const Fork& fork) {
  return fork.course().program.params;
}

}  // namespace

double ridge_of(std::span<const double> losses) {
  double ridge = 0;
  for (std::size_t i = 0; i < losses.size(); ++i) {
    if (!std::isfinite(losses[i])) return std::numeric_limits<double>::quiet_NaN();
    const double share = static_cast<double>(i) / static_cast<double>(losses.size() - 1);
    ridge = std::max(ridge, losses[i] - std::lerp(losses.front(), losses.back(), share));
  }
  return ridge;
}

Fate::Fate(Training& training) : training_(training) {
  for (const int step : training.spec().fork_steps) pairs_.push_back({.step = step});
  begin();
}

void Fate::begin() {
  for (Pair& pair : pairs_)
    pair = {.step = pair.step,
            .state = pair.step < training_.steps() ? FateState::kGone : FateState::kComing};
  plane_owed_ = true;
  fork_here();
  ++version_;
}

void Fate::fork_here() {
  if (training_.over()) return;
  for (Pair& pair : pairs_) {
    if (pair.step != training_.steps()) continue;
    for (std::uint32_t i = 0; i < 2; ++i)
      pair.forks[i] = std::make_unique<Fork>(training_, ForkChange::kOrder, i + 1, kPathPoints, images());
    pair.state = FateState::kGrowing;
  }
}

std::int64_t Fate::steps_to_fork(std::int64_t most) const {
  for (const Pair& pair : pairs_)
    if (pair.step > training_.steps()) return std::min(most, pair.step - training_.steps());
  return most;
}

void Fate::follow(std::int64_t steps) {
  if (pairs_.empty() || steps < 1) return;
  const std::int64_t epoch = training_.steps_per_epoch();
  const std::int64_t every = epoch * ((training_.spec().epochs + kMeasurings - 1) / kMeasurings);
  for (Pair& pair : pairs_) {
    if (pair.state != FateState::kGrowing) continue;
    for (const auto& fork : pair.forks) fork->advance(training_, steps, images());
    if (training_.steps() % every == 0 || over(pair)) measure(pair);
  }
  fork_here();
  ++version_;
}

std::size_t Fate::work(std::size_t points) {
  std::size_t done = 0;
  if (!training_.over()) return done;
  for (Pair& pair : pairs_)
    while (done < points && pair.state == FateState::kGrowing) {
      for (const auto& fork : pair.forks) fork->advance(training_, kStepsAtOnce, images());
      if (over(pair)) measure(pair);
      ++done;
    }
  if (done > 0) ++version_;
  return done;
}

std::size_t Fate::points_left() const {
  if (!training_.over()) return 0;
  std::size_t left = 0;
  for (const Pair& pair : pairs_)
    if (pair.state == FateState::kGrowing)
      left +=
          static_cast<std::size_t>((pair.forks[0]->last_step() - pair.forks[0]->steps()) / kStepsAtOnce + 1);
  return left;
}

void Fate::complete() {
  while (work(1) > 0) {
  }
}

void Fate::measure(Pair& pair) {
  Program& program = training_.program();
  const std::vector<float>&a = weights_of(*pair.forks[0]), &b = weights_of(*pair.forks[1]);
  std::vector<float> now(program.layout().floats), between(program.layout().floats);
  program.read_params(now);
  pair.losses.clear();
  for (std::uint32_t i = 0; i < kLinePoints; ++i) {
    const float share = static_cast<float>(i) / (kLinePoints - 1);
    for (std::size_t p = 0; p < between.size(); ++p) between[p] = std::lerp(a[p], b[p], share);
    program.write_params(between);
    pair.losses.push_back(program.evaluate(images(), {}, NormStatistics::kReestimated).batch.loss);
  }
  program.write_params(now);
  pair.ridge = ridge_of(pair.losses);
  training_.note_line({pair.step, pair.forks[0]->steps(), pair.ridge, pair.losses});
  const bool broken = std::ranges::any_of(
      pair.forks, [](const auto& fork) { return fork->course().state == RunState::kDiverged; });
  if (over(pair)) pair.state = broken ? FateState::kBroken : FateState::kSealed;
}

void Fate::choose(std::int64_t step) {
  const auto nearest =
      std::ranges::min_element(pairs_, {}, [step](const Pair& pair) { return std::abs(pair.step - step); });
  if (nearest == pairs_.end()) return;
  chosen_ = static_cast<std::size_t>(nearest - pairs_.begin());
  plane_owed_ = true;
  ++version_;
}

std::optional<Plane> Fate::take_plane() {
  if (!plane_owed_ || pairs_.empty() || pairs_[chosen_].state != FateState::kSealed) return std::nullopt;
  plane_owed_ = false;
  const Pair& pair = pairs_[chosen_];
  // The ridge is to be seen across: the first axis runs from end to end.
  auto plane = plane_through(weights_of(*pair.forks[0]), pair.forks[0]->start(), weights_of(*pair.forks[1]));
  if (!plane) return std::nullopt;
  plane->kind = DirectionKind::kThreePoints;
  std::vector<Snapshot> corners(3);
  corners[0].params = weights_of(*pair.forks[0]);
  corners[1].params = pair.forks[0]->start();
  corners[2].params = weights_of(*pair.forks[1]);
  fit_extents(*plane, corners);
  return plane;
}

std::vector<std::string> Fate::words() const {
  std::vector<std::string> all;
  for (const Pair& pair : pairs_) {
    std::string words = fmt::format("Forked at step {}: ", pair.step);
    switch (pair.state) {
      case FateState::kComing:
        words += "the run did not come there.";
        break;
      case FateState::kGone:
        words += "the run went on from a later step, so it was not forked there.";
        break;
      case FateState::kGrowing:
        words += "its forks are not at their end.";
        break;
      case FateState::kSealed:
        words += fmt::format("the ridge between the two ends is {:.4f} high, over ends at {:.4f} and {:.4f}.",
                             pair.ridge, pair.losses.front(), pair.losses.back());
        break;
      case FateState::kBroken:
        words += "a fork diverged, so there is no ridge to measure; try a lower rate.";
        break;
    }
    all.push_back(std::move(words));
  }
  return all;
}

void Fate::add_to(FrameCapacity& capacity) const {
  capacity.fate_steps = static_cast<std::uint32_t>(pairs_.size());
}

void Fate::write(SlotWriter& writer, const FrameSlot& slot, Frame& frame) const {
  if (pairs_.empty()) return;
  FateFacts& facts = frame.facts.fate;
  facts.count = static_cast<std::uint32_t>(pairs_.size());
  facts.chosen = static_cast<std::uint32_t>(chosen_);
  std::vector<float> lines(pairs_.size() * kLinePoints);
  for (std::size_t i = 0; i < pairs_.size(); ++i) {
    const Pair& pair = pairs_[i];
    facts.steps.at(i) = {.step = static_cast<std::uint32_t>(pair.step),
                         .state = pair.state,
                         .measured = pair.losses.empty() ? 0U : 1U,
                         .ridge = static_cast<float>(pair.ridge)};
    for (std::size_t p = 0; p < pair.losses.size(); ++p) {
      const auto loss = static_cast<float>(pair.losses[p]);
      lines[i * kLinePoints + p] = loss;
      if (std::isfinite(loss)) facts.most_loss = std::max(facts.most_loss, loss);
    }
    if (std::isfinite(pair.ridge))
      facts.most_ridge = std::max(facts.most_ridge, static_cast<float>(pair.ridge));
  }
  writer.write_section(slot, slot.layout->fate_lines, std::as_bytes(std::span(lines)));
}

}  // namespace fl
