#include "trainer/subjects/landscape/grid_work.h"

#include <algorithm>

namespace fl {

void GridWork::evaluate(const Plane& plane, const ProbedGrid& grid, bool whole,
                        std::span<const SlicePoint> points, std::span<double> losses) {
  const Loaded wanted{.grid = grid.id, .whole = whole};
  if (loaded_ != wanted) {
    slices_.set_slice(whole ? grid.probe : grid.small, plane.origin, plane.d1, plane.d2);
    loaded_ = wanted;
  }
  slices_.evaluate_slice(points, losses);
}

GridWork::Done GridWork::evaluate_next(FramedPlane& framed, std::size_t points) {
  const std::size_t of_whole = slices_.points_at_once();
  ProbedGrid& grid = framed.next(of_whole);
  Surface& surface = grid.surface;
  // Of the small probe so many more points cost the same.
  const std::size_t of_small = of_whole * (grid.probe.size() / grid.small.size());
  Done done{.grid = &grid, .cells = surface.next(points * of_small)};
  if (done.cells.empty()) return done;
  const bool whole = done.cells.front().whole;
  const std::size_t share = whole ? of_whole : of_small;
  done.cells.resize(std::min(done.cells.size(), points * share));
  std::vector<SlicePoint> where;
  for (const Surface::Cell& cell : done.cells) where.push_back({cell.a, cell.b});
  std::vector<double> losses(where.size());
  evaluate(framed.plane, grid, whole, where, losses);
  // Only the last cell of what comes next can end a batch or a level.
  for (std::size_t i = 0; i < done.cells.size(); ++i) done.change = surface.set(done.cells[i], losses[i]);
  done.points = (done.cells.size() + share - 1) / share;
  return done;
}

}  // namespace fl
