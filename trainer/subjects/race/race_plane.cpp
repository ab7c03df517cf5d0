#include "trainer/subjects/race/race_plane.h"

#include <algorithm>
#include <cmath>

#include "trainer/landscape/path_plane.h"

namespace fl {
namespace {

// Snapshots that the components are made of: each costs a product with all others.
constexpr std::size_t kMost = 192;
constexpr double kAsGood = 0.75;

// Not a number where a weight is none.
double distance(std::span<const float> from, std::span<const float> to) {
  double sum = 0;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const double d = static_cast<double>(to[i]) - static_cast<double>(from[i]);
    sum += d * d;
  }
  return std::sqrt(sum);
}

// How far the paths come from their starts that learn about as much as the best: at least three quarters of
// what that does. Where none learns, all count.
double usual_reach(std::span<const std::vector<Snapshot>* const> paths,
                   const std::vector<std::vector<double>>& distances) {
  const auto fall = [&](std::size_t p) {
    const double by = *paths[p]->front().loss - *paths[p]->back().loss;
    return std::isfinite(by) ? by : 0;
  };
  double best = 0, reach = 0;
  for (std::size_t p = 0; p < paths.size(); ++p) best = std::max(best, fall(p));
  for (std::size_t p = 0; p < paths.size(); ++p) {
    if (fall(p) < kAsGood * best) continue;
    for (const double d : distances[p])
      if (std::isfinite(d)) reach = std::max(reach, d);
  }
  return reach;
}

}  // namespace

std::optional<Plane> race_plane(std::span<const std::vector<Snapshot>* const> paths) {
  std::vector<std::vector<double>> distances;
  for (const std::vector<Snapshot>* path : paths) {
    std::vector<double>& own = distances.emplace_back();
    for (const Snapshot& snapshot : *path) own.push_back(distance(path->front().params, snapshot.params));
  }
  const double reach = usual_reach(paths, distances);
  std::vector<const Snapshot*> kept;
  for (std::size_t p = 0; p < paths.size(); ++p)
    for (std::size_t i = 0; i < paths[p]->size(); ++i)
      if (distances[p][i] <= kStray * reach) kept.push_back(&(*paths[p])[i]);
  const std::size_t stride = (kept.size() + kMost - 1) / kMost;
  Trajectory all(kMost + 8);
  for (std::size_t i = 0; i < kept.size(); i += stride) {
    Snapshot one = *kept[i];
    one.arc_length = static_cast<double>(i);  // none is too close to the one before
    all.add(std::move(one));
  }
  auto plane = all.principal_plane(nullptr);
  if (!plane) return std::nullopt;
  plane->explained1 = plane->explained2 = plane->null1 = plane->null2 = 0;
  // The origin is the last path's end: it, too, is in the picture.
  fit_extents(*plane, all.snapshots());
  return plane;
}

}  // namespace fl
