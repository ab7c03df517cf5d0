#include "trainer/subjects/landscape/path_end.h"

#include <algorithm>
#include <cmath>

namespace fl {

bool is_inside(const Plane& plane, const PathPoint& point) {
  return std::isfinite(point.real_loss) && point.a >= static_cast<float>(plane.a_min) &&
         point.a <= static_cast<float>(plane.a_max) && point.b >= static_cast<float>(plane.b_min) &&
         point.b <= static_cast<float>(plane.b_max);
}

bool has_place(const PathPoint& point) {
  return std::isfinite(point.a) && std::isfinite(point.b) && std::isfinite(point.real_loss);
}

PathPoint at_edge(const Plane& plane, const PathPoint& from, const PathPoint& to) {
  float share = 1;
  const auto cut = [&](float begin, float end, double low, double high) {
    const float edge = static_cast<float>(end < begin ? low : high);
    if (end != begin) share = std::clamp((edge - begin) / (end - begin), 0.0f, share);
  };
  cut(from.a, to.a, plane.a_min, plane.a_max);
  cut(from.b, to.b, plane.b_min, plane.b_max);
  PathPoint edge = to;
  for (float PathPoint::*value :
       {&PathPoint::a, &PathPoint::b, &PathPoint::real_loss, &PathPoint::off_plane, &PathPoint::step})
    edge.*value = std::lerp(from.*value, to.*value, share);
  return edge;
}

}  // namespace fl
