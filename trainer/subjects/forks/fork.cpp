#include "trainer/subjects/forks/fork.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include <fmt/format.h>

#include "trainer/subjects/landscape/path_end.h"

namespace fl {
namespace {

constexpr float kNowhere = std::numeric_limits<float>::quiet_NaN();

}  // namespace

Fork::Fork(Training& training, ForkChange what, std::uint32_t number, std::size_t points,
           std::span<const std::int32_t> probe)
    : number_(number),
      words_(fmt::format("{}: {}", training.steps(), fork_words(what, training.spec().optimizer.kind))),
      from_(training.steps()),
      course_(training.course()) {
  training.exchange(course_);
  change(training, what, number);
  last_step_ = training.last_step();
  const auto room = static_cast<std::int64_t>(points);
  stride_ = std::max<std::int64_t>(1, (last_step_ - from_ + room - 1) / room);
  note(training, probe, true);
  training.exchange(course_);
}

void Fork::note(Training& training, std::span<const std::int32_t> probe, bool keep) {
  if (provisional_) places_.pop_back();
  provisional_ = !keep;
  const auto& steps = training.history().steps;
  Snapshot snapshot{.params = std::vector<float>(training.program().layout().floats),
                    .step = training.steps(),
                    .rate = steps.empty() ? training.rate() : steps.back().rate,
                    .step_length = steps.empty() ? 0 : steps.back().update_norm};
  training.program().read_params(snapshot.params);
  snapshot.loss = training.program().evaluate(probe, {}, NormStatistics::kReestimated).batch.loss;
  places_.push_back({.snapshot = std::move(snapshot)});
}

void Fork::advance(Training& training, std::int64_t steps, std::span<const std::int32_t> probe) {
  if (over() || steps < 1) return;
  training.exchange(course_);
  while (steps > 0 && !training.over()) {
    const std::int64_t since = training.steps() - from_;
    const std::int64_t made = training.advance(std::min(steps, stride_ - since % stride_));
    if (made == 0) break;
    steps -= made;
    if ((training.steps() - from_) % stride_ == 0 || training.over()) note(training, probe, true);
  }
  training.exchange(course_);
}

bool Fork::catch_up(Training& training, std::span<const std::int32_t> probe) {
  if (places_.back().snapshot.step == steps()) return false;
  training.exchange(course_);
  note(training, probe, false);
  training.exchange(course_);
  return true;
}

void Fork::forget_losses() {
  for (Place& place : places_) place = {.snapshot = std::move(place.snapshot)};
  for (Place& place : places_) place.snapshot.loss.reset();
}

std::size_t Fork::waiting() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(places_, [](const Place& place) { return !place.snapshot.loss; }));
}

bool Fork::measure(Training& training, std::span<const std::int32_t> probe) {
  const auto place = std::ranges::find_if(places_, [](const Place& one) { return !one.snapshot.loss; });
  if (place == places_.end()) return false;
  std::vector<float> now(place->snapshot.params.size());
  training.program().read_params(now);
  training.program().write_params(place->snapshot.params);
  place->snapshot.loss = training.program().evaluate(probe, {}, NormStatistics::kReestimated).batch.loss;
  training.program().write_params(now);
  return true;
}

void Fork::lay_on(const Plane& plane, std::uint32_t plane_number) {
  path_.clear();
  ball_ = {};
  ball_.a = ball_.b = ball_.real_loss = kNowhere;
  ended_ = false;
  for (Place& place : places_) {
    const Snapshot& snapshot = place.snapshot;
    if (!snapshot.loss) continue;
    if (place.plane_number != plane_number) {
      const PlaneCoordinates at = plane.project(snapshot.params);
      place.plane_number = plane_number;
      place.point = {.a = static_cast<float>(at.a),
                     .b = static_cast<float>(at.b),
                     .real_loss = static_cast<float>(*snapshot.loss),
                     .slice_loss = kNowhere,
                     .off_plane = static_cast<float>(at.off_plane),
                     .step_length = static_cast<float>(snapshot.step_length),
                     .step = static_cast<float>(snapshot.step),
                     .rate = static_cast<float>(snapshot.rate)};
    }
    PathPoint point = place.point;
    if (!ended_ && is_inside(plane, point)) {
      ball_ = point;
      path_.push_back(point);
      continue;
    }
    const bool left = !ended_ && std::isfinite(ball_.a);
    if (left && has_place(point)) path_.push_back(ball_ = at_edge(plane, ball_, point));
    ended_ = ended_ || left;
    point.a = point.b = kNowhere;  // it still has a loss
    path_.push_back(point);
  }
}

}  // namespace fl
