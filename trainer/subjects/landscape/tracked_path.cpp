#include "trainer/subjects/landscape/tracked_path.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace fl {
namespace {

PathPoint path_point(const Plane& plane, const Snapshot& snapshot) {
  const PlaneCoordinates at = plane.project(snapshot.params);
  return {.a = static_cast<float>(at.a),
          .b = static_cast<float>(at.b),
          .real_loss = static_cast<float>(*snapshot.loss),
          .slice_loss = std::numeric_limits<float>::quiet_NaN(),
          .off_plane = static_cast<float>(at.off_plane),
          .step_length = static_cast<float>(snapshot.step_length),
          .step = static_cast<float>(snapshot.step),
          .rate = static_cast<float>(snapshot.rate)};
}

}  // namespace

void TrackedPath::clear() {
  points_.clear();
  evaluated_.clear();
}

void TrackedPath::follow(const std::vector<Snapshot>& snapshots, const Plane& plane) {
  const std::vector<PathPoint> before = std::exchange(points_, {});
  const std::vector<char> evaluated = std::exchange(evaluated_, {});
  std::size_t at = 0;  // in what was there before: both are in the order of steps
  for (const Snapshot& snapshot : snapshots) {
    if (!snapshot.loss) continue;
    const auto step = static_cast<float>(snapshot.step);
    while (at < before.size() && before[at].step < step) ++at;
    const bool known = at < before.size() && before[at].step == step;
    points_.push_back(known ? before[at] : path_point(plane, snapshot));
    evaluated_.push_back(known ? evaluated[at] : 0);
  }
  if (before.empty() || (!points_.empty() && before.back().step <= points_.back().step)) return;
  points_.push_back(before.back());
  evaluated_.push_back(evaluated.back());
}

void TrackedPath::lay_on(const std::vector<Snapshot>& snapshots, const Plane& plane) {
  clear();
  follow(snapshots, plane);
}

void TrackedPath::predict(const Surface& surface) {
  for (std::size_t i = 0; i < points_.size(); ++i) {
    if (evaluated_[i]) continue;
    if (const auto loss = surface.predicted(points_[i].a, points_[i].b))
      points_[i].slice_loss = static_cast<float>(*loss);
  }
}

std::vector<std::size_t> TrackedPath::not_evaluated(std::size_t most) const {
  std::vector<std::size_t> found;
  for (std::size_t i = points_.size(); i-- > 0 && found.size() < most;)
    if (!evaluated_[i]) found.push_back(i);
  return found;
}

void TrackedPath::set_slice_loss(std::size_t point, double loss) {
  // Evaluated but not finite must differ from not evaluated yet.
  points_[point].slice_loss =
      std::isfinite(loss) ? static_cast<float>(loss) : std::numeric_limits<float>::infinity();
  evaluated_[point] = 1;
}

}  // namespace fl
