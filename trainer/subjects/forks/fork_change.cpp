#include "trainer/subjects/forks/fork_change.h"

#include <algorithm>

#include "trainer/base/limits.h"
#include "trainer/optim/optimizer.h"
#include "trainer/subjects/training.h"

namespace fl {
namespace {

constexpr std::int64_t kRiverShare = 10;     // of the run
constexpr std::uint64_t kOrderApart = 7919;  // seeds of a lecture's starts lie close together

}  // namespace

std::optional<ForkChange> fork_change(std::string_view name) {
  const auto found = std::ranges::find(kForkChanges, name);
  return found == kForkChanges.end() ? std::nullopt
                                     : std::optional(static_cast<ForkChange>(found - kForkChanges.begin()));
}

OptimizerKind other_optimizer(OptimizerKind now) {
  return now == OptimizerKind::kAdam ? OptimizerKind::kMomentum : OptimizerKind::kAdam;
}

void change(Training& training, ForkChange what, std::uint32_t number) {
  const auto set_rate = [&](double rate) { training.set_rate(std::clamp(rate, kMinRate, kMaxRate)); };
  switch (what) {
    case ForkChange::kRiver:
      return training.let_rate_fall(training.total_steps() / kRiverShare);
    case ForkChange::kOrder:
      return training.change_order(training.seed() + kOrderApart * number);
    case ForkChange::kRateUp:
      return set_rate(10 * training.rate());
    case ForkChange::kRateDown:
      return set_rate(training.rate() / 10);
    case ForkChange::kOptimizer:
      return training.set_optimizer(other_optimizer(training.spec().optimizer.kind));
  }
}

std::string fork_words(ForkChange what, OptimizerKind now) {
  switch (what) {
    case ForkChange::kRiver:
      return "river";
    case ForkChange::kOrder:
      return "other order";
    case ForkChange::kRateUp:
      return "rate \u00d7 10";
    case ForkChange::kRateDown:
      return "rate / 10";
    case ForkChange::kOptimizer:
      return optimizer_info(other_optimizer(now)).label;
  }
  return {};
}

}  // namespace fl
