#include "trainer/subjects/landscape/path_pace.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace fl {
namespace {

constexpr double kGrowth = 1.5;          // the path grows by half before the plane is laid anew
constexpr std::int64_t kLong = 16;       // a stride for which nobody waits at the beginning: there
constexpr std::int64_t kDense = 8;       // snapshots are kept of so many steps, and of each doubling,
constexpr std::int64_t kFirstStep = 32;  // and the first plane is due,
constexpr std::int64_t kFirst = 4;       // or else after so many snapshots
constexpr double kToFinish = 60;         // points that a surface around a path takes, about
constexpr double kPlenty = 4;            // points a step
constexpr double kMostRoom = 2.4;        // farther out there is more to see, and a surface takes more points
constexpr double kSlowing = 0.6;         // a path's length goes with this power of its steps

}  // namespace

void PathPace::begin(std::int64_t step) {
  due_at_ = stride_ > kLong ? kFirstStep : kFirst * stride_;
  laid(step);
}

void PathPace::laid(std::int64_t step) {
  laid_at_ = step;
  points_ = 0;
}

std::int64_t PathPace::next_snapshot(std::int64_t step) const {
  const auto after = [step](std::int64_t stride) { return (step / stride + 1) * stride; };
  if (stride_ <= kLong) return after(stride_);
  const auto part = static_cast<std::uint64_t>(std::max<std::int64_t>(step / kDense, 1));
  const auto dense = static_cast<std::int64_t>(std::bit_floor(part));
  return dense < stride_ ? std::min(after(dense), after(stride_)) : after(stride_);
}

bool PathPace::wants_plane(std::int64_t step, double ball_place) const {
  return step >= due_at_ || ball_place > kInner;
}

void PathPace::promised(std::int64_t step) {
  due_at_ = std::max(next_snapshot(step),
                     static_cast<std::int64_t>(std::ceil(kGrowth * static_cast<double>(step))));
}

double PathPace::points_a_step(std::int64_t step) const {
  const bool known = step > laid_at_ && points_ > 0;
  return known ? static_cast<double>(points_) / static_cast<double>(step - laid_at_) : kPlenty;
}

bool PathPace::keeps_up(std::int64_t step) const {
  return points_a_step(step) >= kPlenty;
}

double PathPace::room_wanted(std::int64_t step) const {
  if (step == 0 || keeps_up(step)) return 1;
  const double ahead = kToFinish / points_a_step(step);
  return std::pow(1 + ahead / static_cast<double>(step), kSlowing);
}

double PathPace::room(std::int64_t step) const {
  return std::min(room_wanted(step), kMostRoom);
}

bool PathPace::too_early(std::int64_t step) const {
  return room_wanted(step) > kMostRoom;
}

}  // namespace fl
