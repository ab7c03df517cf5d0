#include "trainer/subjects/landscape/landscape_answer.h"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace fl {
namespace {

constexpr double kNear = 0.02;  // of the rectangle's sides: about a ball's size

SurfaceAnswer at_cell(const SurfaceView& view, std::size_t cell) {
  const Surface& surface = *view.surface;
  SurfaceAnswer told{.loss = surface.heights()[cell],
                     .state = static_cast<CellState>(surface.cells()[cell]),
                     .scale = surface.scale(),
                     .of_test = std::string_view(view.set) == "test",
                     .network = view.network};
  const bool exact = told.state == CellState::kEvaluated || told.state == CellState::kNonFinite;
  told.bound = exact ? 0 : surface.error();
  return told;
}

}  // namespace

std::optional<LandscapeAnswer> answer(const LandscapeView& view, const LandscapePlace& place) {
  if (view.plane == nullptr || view.surfaces.empty()) return std::nullopt;
  const Plane& plane = *view.plane;
  const double width = plane.a_max - plane.a_min, depth = plane.b_max - plane.b_min;
  const double x = (place.a - plane.a_min) / width, y = (place.b - plane.b_min) / depth;
  if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) return std::nullopt;
  const std::uint32_t side = view.surfaces.front().surface->side();
  const auto column = static_cast<std::size_t>(std::lround(x * (side - 1)));
  const auto row = static_cast<std::size_t>(std::lround(y * (side - 1)));
  const std::size_t cell = row * side + column;
  LandscapeAnswer told{.a = plane.a_min + static_cast<double>(column) * (width / (side - 1)),
                       .b = plane.b_min + static_cast<double>(row) * (depth / (side - 1)),
                       .surface = at_cell(view.surfaces.front(), cell)};
  if (view.surfaces.size() > 1) told.glass = at_cell(view.surfaces[1], cell);
  double nearest = kNear;
  for (const PathView& path : view.paths)
    for (const PathPoint& point : path.points) {
      const double away = std::hypot((static_cast<double>(point.a) - place.a) / width,
                                     (static_cast<double>(point.b) - place.b) / depth);
      if (!(away <= nearest)) continue;
      nearest = away;
      told.on_path = point;
      told.path = path.name;
    }
  return told;
}

}  // namespace fl
