#include "engine/app/commands/figure/contour_map.h"

#include <cmath>
#include <limits>

namespace fl {

ContourMap contour_map(const LandscapeView& view, bool log) {
  const Surface& surface = *view.surfaces.front().surface;
  const Plane& plane = *view.plane;
  ContourMap map;
  ContourFigure& figure = map.figure;
  figure.a_min = plane.a_min, figure.a_max = plane.a_max;
  figure.b_min = plane.b_min, figure.b_max = plane.b_max;
  figure.side = surface.side();
  figure.log = log;
  for (std::size_t cell = 0; cell < surface.cells().size(); ++cell) {
    const auto state = static_cast<CellState>(surface.cells()[cell]);
    const bool known = state != CellState::kUnknown && state != CellState::kNonFinite;
    figure.losses.push_back(known ? surface.heights()[cell] : std::numeric_limits<float>::quiet_NaN());
    figure.log = figure.log && (!known || surface.heights()[cell] > 0);
  }
  for (const PathView& path : view.paths) {
    ContourPath& points = figure.paths.emplace_back();
    points.name = path.name;
    for (const PathPoint& point : path.points) points.points.emplace_back(point.a, point.b);
  }
  return map;
}

}  // namespace fl
