#pragma once
// The plane of a rehearsed race: through the paths of all its runs.

#include <optional>
#include <span>
#include <vector>

#include "trainer/landscape/plane.h"
#include "trainer/landscape/trajectory.h"

namespace fl {

// The two largest principal components of all snapshots, and extents that hold them. A run that strays far
// from the others, as one whose rate is too large, would have the plane to itself: what is more than kStray
// times as far from its start as a run comes that learns well is left out, and so is what is no number.
// Directions alone are meant: shares of variance are none. Nothing where the paths span no plane.
// Precondition: each path has a start, and every snapshot a loss.
inline constexpr double kStray = 2;
[[nodiscard]] std::optional<Plane> race_plane(std::span<const std::vector<Snapshot>* const> paths);

}  // namespace fl
