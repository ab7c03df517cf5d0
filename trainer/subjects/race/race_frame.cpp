// What a race brings into a frame.

#include <algorithm>
#include <cmath>
#include <vector>

#include "trainer/base/check.h"
#include "trainer/subjects/landscape/surface_frame.h"
#include "trainer/subjects/race/lane_losses.h"
#include "trainer/subjects/race/race.h"

namespace fl {
namespace {

// Of a run's epochs on its curve; of more, every n-th.
constexpr std::size_t kMostEpochPoints = 1024;

std::size_t epoch_stride(const Training& training) {
  return (static_cast<std::size_t>(training.spec().epochs) + kMostEpochPoints - 1) / kMostEpochPoints;
}

std::size_t most_epoch_points(const Training& training) {
  return static_cast<std::size_t>(training.spec().epochs) / epoch_stride(training) + 1;
}

}  // namespace

FrameCapacity Race::capacity() const {
  FrameCapacity capacity{.grid_side = ground_.surface().side(),
                         .path_points = 0,
                         .step_points = 1,
                         .epoch_points = 0,
                         .test_surface = ground_.framed().test.has_value() || second_ground_ != nullptr};
  for (const auto& lane : lanes_) {
    capacity.path_points += static_cast<std::uint32_t>(lane->most_points());
    capacity.epoch_points += static_cast<std::uint32_t>(most_epoch_points(lane->training()));
  }
  return capacity;
}

void Race::write_lanes(const FrameSlot& slot, Frame& frame) {
  RaceFacts& race = frame.facts.race;
  race.lanes = static_cast<std::uint32_t>(lanes_.size());
  race.over_steps = in_steps() ? 1 : 0;
  race.tested = lanes_.front()->training().split().test.empty() ? 0 : 1;
  race.reach = in_steps() ? static_cast<float>(rounds_)
                          : static_cast<float>(rounds_) / static_cast<float>(steps_per_epoch_);
  std::vector<PathPoint> path;
  std::vector<EpochPoint> epochs;
  LaneLosses losses;
  for (std::size_t i = 0; i < lanes_.size(); ++i) {
    const Lane& lane = *lanes_[i];
    const Training& training = lane.training();
    LaneFacts& facts = race.lane[i];
    const auto own_epoch = static_cast<float>(training.steps_per_epoch());
    facts.each_step = in_steps() ? 1 : 1 / own_epoch;
    facts.each_epoch = in_steps() ? own_epoch : 1;
    facts.first_epoch = static_cast<std::uint32_t>(epochs.size());
    const std::size_t stride = epoch_stride(training);
    facts.point_epochs = static_cast<float>(stride);
    const auto& records = training.history().epochs;
    for (std::size_t e = stride - 1; e < records.size(); e += stride) epochs.push_back(records[e].point());
    facts.epochs = static_cast<std::uint32_t>(epochs.size()) - facts.first_epoch;
    if (!records.empty()) facts.test_accuracy = records.back().point().test_accuracy;
    facts.diverged = training.state() == RunState::kDiverged ? 1 : 0;
    facts.apart = lane.apart() ? 1 : 0;
    if (lane.roughness()) facts.roughness = static_cast<float>(lane.roughness()->value);
    const auto color = static_cast<std::uint32_t>(i);
    frame.header.paths[i] = {.first = static_cast<std::uint32_t>(path.size()),
                             .count = static_cast<std::uint32_t>(lane.path().size()),
                             .color = color,
                             .diverged = lane.ended() ? 1u : 0u,
                             .ball = lane.ball()};
    PathPoint& ball = frame.header.paths[i].ball;
    if (std::isfinite(ball.a) && std::isfinite(ball.b))
      if (const Ground* ground = ground_of(lane))
        if (const auto told = ground->surface().predicted(ball.a, ball.b))
          ball.slice_loss = static_cast<float>(*told);
    path.insert(path.end(), lane.path().begin(), lane.path().end());
    losses.add(lane.path(), facts);
  }
  losses.set_axis(frame.facts);
  frame.header.several_paths = race.lanes;
  frame.header.path_count = frame.header.paths[0].count;
  frame.header.ball = frame.header.paths[0].ball;
  frame.facts.epoch_count = static_cast<std::uint32_t>(epochs.size());
  writer_.write_path(slot, path);
  writer_.write_epochs(slot, epochs);
}

bool Race::publish(FrameSink& sink, RunState state, double steps_per_second) {
  const auto slot = sink.try_begin_write();
  if (!slot) return false;
  FL_CHECK_MSG(slot->stream == nullptr, "a race fills slots in the host's memory");
  Frame frame;
  frame.facts.step = static_cast<std::uint32_t>(round_);
  frame.facts.epoch = static_cast<std::uint32_t>(round_ / steps_per_epoch_);
  frame.facts.total_steps = static_cast<std::uint32_t>(rounds_);
  frame.facts.state = state;
  frame.facts.rate = static_cast<float>(facts().rate);
  frame.facts.steps_per_second = static_cast<float>(steps_per_second);
  frame.header.steps_per_epoch = in_steps() ? 0 : static_cast<std::uint32_t>(steps_per_epoch_);
  write_framed_plane(writer_, *slot, ground_.framed(), frame);
  if (second_ground_) {
    write_second_surface(writer_, *slot, second_ground_->framed().train, frame);
    frame.facts.race.second_surface = static_cast<std::uint32_t>(second_run_);
  }
  frame.facts.plane_number = plane_number_;
  write_lanes(*slot, frame);
  frame.facts.batch_loss = frame.header.ball.real_loss;
  sink.publish(*slot, frame);
  return true;
}

}  // namespace fl
