#pragma once
// Planes through points of a path.

#include <optional>
#include <span>
#include <vector>

#include "trainer/landscape/plane.h"
#include "trainer/landscape/trajectory.h"

namespace fl {

// The plane that three points lie on, by Gram-Schmidt: its origin is the third, its first axis runs from the
// first to the third, and the second point has a positive b. Unit directions; the extents are not set.
// Nothing where the three lie on one line, as far as floats tell.
[[nodiscard]] std::optional<Plane> plane_through(std::span<const float> first, std::span<const float> second,
                                                 std::span<const float> third);

// Extents that hold the path, seen from the plane, and its origin with a margin, equal on both axes.
void fit_extents(Plane& plane, const std::vector<Snapshot>& path);

// Moves the plane along what `point` is off it, so that the point lies on it. All coordinates stay.
void move_onto(Plane& plane, std::span<const float> point);

}  // namespace fl
