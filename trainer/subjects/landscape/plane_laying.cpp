#include "trainer/subjects/landscape/plane_laying.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "trainer/landscape/directions.h"
#include "trainer/landscape/path_plane.h"

namespace fl {
namespace {

constexpr std::size_t kIterates = 3;

std::int64_t step_of(const PathMoment& moment, const std::vector<Snapshot>& path) {
  switch (moment.kind) {
    case PathMoment::Kind::kStart:
      return path.front().step;
    case PathMoment::Kind::kMiddle:
      return (path.front().step + path.back().step) / 2;
    case PathMoment::Kind::kNow:
      return path.back().step;
    case PathMoment::Kind::kStep:
      break;
  }
  return moment.step;
}

const Snapshot& nearest(const std::vector<Snapshot>& path, std::int64_t step) {
  return *std::ranges::min_element(
      path, {}, [step](const Snapshot& snapshot) { return std::abs(snapshot.step - step); });
}

}  // namespace

void PlaneLaying::choose(const PlaneChoice& choice) {
  choice_ = choice;
  if (!wants_iterates()) iterates_.clear();
}

std::int64_t PlaneLaying::steps_to_iterate(std::int64_t left) const {
  if (!wants_iterates()) return left;
  return std::max<std::int64_t>(1, left - static_cast<std::int64_t>(kIterates - 1));
}

void PlaneLaying::note_iterate(std::int64_t step, std::vector<float> params) {
  if (!iterates_.empty() && iterates_.back().step == step) return;
  iterates_.push_back({step, std::move(params)});
  if (iterates_.size() > kIterates) iterates_.pop_front();
}

Plane PlaneLaying::random_plane(const std::vector<float>& around, std::uint64_t seed) const {
  Plane plane;
  plane.kind = DirectionKind::kRandom;
  plane.origin = around;
  plane.d1 = filter_normalised_direction(layout_, around, seed, 0);
  plane.d2 = filter_normalised_direction(layout_, around, seed, 1);
  return plane;
}

std::optional<Plane> PlaneLaying::through_points(const std::vector<Snapshot>& path) const {
  const auto point = [&](std::size_t i) -> const std::vector<float>& {
    return nearest(path, step_of(choice_.points[i], path)).params;
  };
  auto plane = plane_through(point(0), point(1), point(2));
  if (!plane) return std::nullopt;
  plane->kind = DirectionKind::kThreePoints;
  fit_extents(*plane, path);
  return plane;
}

std::optional<Plane> PlaneLaying::osculating(const std::vector<Snapshot>& path) const {
  if (iterates_.size() < kIterates ||
      iterates_.back().step - iterates_.front().step != static_cast<std::int64_t>(kIterates - 1))
    return std::nullopt;
  auto plane = plane_through(iterates_[0].params, iterates_[1].params, iterates_[2].params);
  if (!plane) return std::nullopt;
  plane->kind = DirectionKind::kOsculating;
  fit_extents(*plane, path);
  return plane;
}

std::optional<Plane> PlaneLaying::lay(const Trajectory& trajectory, std::uint64_t seed,
                                      const Plane* shown) const {
  const std::vector<Snapshot>& path = trajectory.snapshots();
  const bool at_start = choice_.anchor == PlaneAnchor::kStart;
  if (choice_.directions == DirectionKind::kRandom)
    return random_plane((at_start ? path.front() : path.back()).params, seed);
  if (choice_.directions == DirectionKind::kThreePoints) return through_points(path);
  if (choice_.directions == DirectionKind::kOsculating) return osculating(path);
  auto plane = trajectory.principal_plane(shown);
  if (plane && at_start) move_onto(*plane, path.front().params);
  return plane;
}

}  // namespace fl
