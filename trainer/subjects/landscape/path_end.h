#pragma once
// Where a path that leaves the plane's rectangle ends. Who leaves the picture stays out of it: a line that
// comes back from nowhere tells nothing.

#include "trainer/landscape/plane.h"
#include "trainer/seam/frame_header.h"

namespace fl {

// Whether it has a place there, and a loss.
[[nodiscard]] bool is_inside(const Plane& plane, const PathPoint& point);
// Whether all of it is numbers, wherever it lies.
[[nodiscard]] bool has_place(const PathPoint& point);
// Where the line from a point inside of the rectangle to one beyond it crosses its edge.
[[nodiscard]] PathPoint at_edge(const Plane& plane, const PathPoint& from, const PathPoint& to);

}  // namespace fl
