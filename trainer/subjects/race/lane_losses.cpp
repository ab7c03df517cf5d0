#include "trainer/subjects/race/lane_losses.h"

#include <algorithm>
#include <cmath>

namespace fl {
namespace {

constexpr float kLossReach = 2;

}  // namespace

void LaneLosses::add(std::span<const PathPoint> path, LaneFacts& facts, bool begins) {
  facts.loss = path.back().real_loss;
  if (begins) starts_.push_back(path.front().real_loss);
  for (const PathPoint& point : path) {
    if (!std::isfinite(point.real_loss)) continue;
    facts.last_step = point.step;
    facts.last_loss = point.real_loss;
    least_ = std::min(least_, point.real_loss);
    largest_ = std::max(largest_, point.real_loss);
  }
}

void LaneLosses::set_axis(FrameFacts& facts) {
  std::ranges::sort(starts_);
  const float usual = starts_[(starts_.size() - 1) / 2];
  facts.curve_loss_min = least_;
  facts.curve_loss_max = std::isfinite(usual) ? std::min(largest_, kLossReach * usual) : largest_;
}

}  // namespace fl
