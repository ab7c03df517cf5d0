#include "trainer/subjects/forks/forks.h"

#include <algorithm>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr std::size_t kMostPoints = 48;
// A step of training costs about as much as a point of the landscape; so many at once, for each way to a
// fork and back copies the weights.
constexpr std::int64_t kStepsAtOnce = 4;

}  // namespace

Forks::Forks(Training& training, const LandscapeTracker& landscape)
    : training_(training),
      landscape_(landscape),
      points_(std::min(kMostPoints, kept_snapshots(training.spec().landscape,
                                                   training.program().layout().floats * kMost))) {}

std::string Forks::refusal() const {
  if (!training_.spec().fork_steps.empty())
    return "This lesson forks its run by itself, at its fork_steps; open another one to fork by hand.";
  if (training_.gpu())
    return "Forks are trained on the CPU alone; open the lesson with --backend cpu to fork its run.";
  if (training_.state() == RunState::kDiverged)
    return "The run has diverged, and nothing goes on from there; rewind it, and fork at an earlier step.";
  if (training_.over()) return "The run is at its end; rewind it, and fork while it trains.";
  if (forks_.size() == kMost)
    return fmt::format("There are {} forks already, as many as can be told apart; remove one first.", kMost);
  return {};
}

void Forks::add(ForkChange what) {
  FL_CHECK(refusal().empty());
  // Its colour is its number: the others keep theirs, and that of a fork that has gone comes back late.
  const auto taken = [this](std::uint32_t number) {
    return std::ranges::any_of(forks_, [&](const auto& fork) { return fork->number() == number; });
  };
  do last_number_ = last_number_ % (kFrameMaxPaths - 1) + 1;
  while (taken(last_number_));
  measure_by_probe();
  forks_.push_back(std::make_unique<Fork>(training_, what, last_number_, points_, probe_));
  ++version_;
}

void Forks::remove(std::uint32_t number) {
  if (std::erase_if(forks_, [&](const auto& fork) { return number == 0 || fork->number() == number; }) > 0)
    ++version_;
  if (forks_.empty()) last_number_ = 0;
}

void Forks::measure_by_probe() {
  const std::span<const std::int32_t> probe = landscape_.probe();
  if (std::ranges::equal(probe, probe_)) return;
  probe_.assign(probe.begin(), probe.end());
  for (const auto& fork : forks_) fork->forget_losses();
}

void Forks::follow(std::int64_t steps) {
  if (forks_.empty()) return;
  measure_by_probe();
  for (const auto& fork : forks_) fork->advance(training_, steps, probe_);
  ++version_;
}

std::size_t Forks::work(std::size_t points) {
  if (forks_.empty()) return 0;
  measure_by_probe();
  std::size_t done = 0;
  for (const auto& fork : forks_) {
    while (done < points && fork->measure(training_, probe_)) ++done;
    while (done < points && training_.over() && !fork->over()) {
      fork->advance(training_, kStepsAtOnce, probe_);
      ++done;
    }
  }
  if (done > 0) ++version_;
  return done;
}

std::size_t Forks::points_left() const {
  std::size_t left = 0;
  for (const auto& fork : forks_) {
    left += fork->waiting();
    if (training_.over() && !fork->over())
      left += static_cast<std::size_t>((fork->last_step() - fork->steps()) / kStepsAtOnce + 1);
  }
  return left;
}

void Forks::catch_up() {
  if (forks_.empty()) return;
  measure_by_probe();
  for (const auto& fork : forks_)
    if (fork->catch_up(training_, probe_)) ++version_;
}

}  // namespace fl
