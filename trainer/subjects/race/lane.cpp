#include "trainer/subjects/race/lane.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "trainer/base/check.h"
#include "trainer/base/checksum.h"
#include "trainer/subjects/landscape/path_end.h"

namespace fl {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

std::uint64_t checksum_of(const std::vector<float>& weights) {
  return checksum(std::as_bytes(std::span(weights)));
}

}  // namespace

Lane::Lane(std::string name, std::unique_ptr<Training> training, std::size_t points,
           std::vector<std::int32_t> probe)
    : name_(std::move(name)), training_(std::move(training)), probe_(std::move(probe)) {
  const auto room = static_cast<std::int64_t>(points);
  stride_ = std::max<std::int64_t>(1, (training_->total_steps() + room - 1) / room);
  ball_.a = ball_.b = ball_.real_loss = kNone;
}

std::size_t Lane::most_points() const {
  return static_cast<std::size_t>(training_->total_steps() / stride_) +
         4;  // the start, the end, the edge, the newest
}

bool Lane::due() const {
  return training_->steps() % stride_ == 0 || training_->over();
}

Snapshot Lane::snapshot_now() {
  const auto& steps = training_->history().steps;
  Snapshot snapshot{.params = std::vector<float>(training_->program().layout().floats),
                    .step = training_->steps(),
                    .rate = steps.empty() ? training_->rate() : steps.back().rate,
                    .step_length = steps.empty() ? 0 : steps.back().update_norm};
  training_->program().read_params(snapshot.params);
  return snapshot;
}

bool Lane::rehearse(const std::function<bool()>& go_on, bool measures) {
  const auto note = [this] {
    Snapshot snapshot = snapshot_now();
    snapshot.loss = training_->program().evaluate(probe_, {}, NormStatistics::kReestimated).batch.loss;
    rehearsed_.push_back(std::move(snapshot));
  };
  rehearsed_.clear();
  rehearsed_seed_ = training_->seed();
  note();
  while (!training_->over()) {
    if (!go_on()) return false;
    if (training_->advance(stride_ - training_->steps() % stride_) == 0) break;
    if (due()) note();
  }
  if (measures) {
    roughness_ = measure_roughness(*training_, {}, go_on);
    if (!go_on()) return false;
  }
  // Cannot fail: it began this way.
  FL_CHECK(training_->reset(training_->seed()).ok());
  return true;
}

PathPoint Lane::placed(const Snapshot& snapshot) const {
  PathPoint point{.a = kNone,
                  .b = kNone,
                  .real_loss = static_cast<float>(*snapshot.loss),
                  .slice_loss = kNone,
                  .step_length = static_cast<float>(snapshot.step_length),
                  .step = static_cast<float>(snapshot.step),
                  .rate = static_cast<float>(snapshot.rate)};
  if (apart_) return point;
  const PlaneCoordinates at = plane_->project(snapshot.params);
  point.a = static_cast<float>(at.a);
  point.b = static_cast<float>(at.b);
  point.off_plane = static_cast<float>(at.off_plane);
  return point;
}

void Lane::lay_on(const Plane& plane, bool apart) {
  plane_ = &plane;
  apart_ = apart;
  known_.clear();
  for (const Snapshot& snapshot : rehearsed_)
    known_.push_back({checksum_of(snapshot.params), placed(snapshot)});
  rehearsed_ = {};
  path_.clear();
  provisional_ = ended_ = false;
  add(point_now(), true);
}

void Lane::flip_b() {
  for (Known& known : known_) known.point.b = -known.point.b;
  for (PathPoint& point : path_) point.b = -point.b;
  ball_.b = -ball_.b;
}

PathPoint Lane::point_now() {
  Snapshot snapshot = snapshot_now();
  const std::uint64_t weights = checksum_of(snapshot.params);
  const auto step = static_cast<float>(snapshot.step);
  const auto found = std::ranges::find_if(
      known_, [&](const Known& known) { return known.point.step == step && known.weights == weights; });
  if (found != known_.end()) return found->point;
  snapshot.loss = training_->program().evaluate(probe_, {}, NormStatistics::kReestimated).batch.loss;
  return placed(snapshot);
}

void Lane::add(PathPoint point, bool keep) {
  if (provisional_) path_.pop_back();
  provisional_ = !keep;
  if (is_inside(*plane_, point) && !ended_) {
    ball_ = point;
  } else if (!apart_) {
    // The line runs on to the edge.
    if (keep && !ended_ && has_place(point) && !path_.empty()) {
      ball_ = at_edge(*plane_, ball_, point);
      path_.push_back(ball_);
    }
    ended_ = ended_ || keep;
    point.a = point.b = kNone;
  } else {
    ball_ = point;
  }
  path_.push_back(point);
}

void Lane::go_to(std::int64_t step) {
  while (!training_->over() && training_->steps() < step) {
    const std::int64_t most = std::min(step - training_->steps(), stride_ - training_->steps() % stride_);
    if (training_->advance(most) == 0) return;
    if (due()) add(point_now(), true);
  }
}

bool Lane::catch_up() {
  if (path_.back().step == static_cast<float>(training_->steps())) return false;
  add(point_now(), false);
  return true;
}

Result<void> Lane::reset(std::uint64_t seed) {
  FL_TRY(training_->reset(seed));
  path_.clear();
  provisional_ = ended_ = false;
  add(point_now(), true);
  return {};
}

}  // namespace fl
