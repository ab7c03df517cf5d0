#include "trainer/subjects/landscape/surface_frame.h"

namespace fl {

namespace {

GridView view_of(const ProbedGrid& grid) {
  return {grid.id, grid.surface.side(), grid.surface.heights(), grid.surface.cells()};
}

}  // namespace

void write_second_surface(SlotWriter& writer, const FrameSlot& slot, const ProbedGrid& grid, Frame& frame) {
  const Surface& surface = grid.surface;
  if (!surface.ready()) return;
  writer.write_grid(slot, ProbeSet::kTest, view_of(grid));
  frame.facts.test_evaluated = surface.evaluated();
  frame.facts.test_loss_min = surface.minimum();
  frame.facts.test_loss_max = surface.maximum();
  frame.facts.test_probe_images = static_cast<std::uint32_t>(grid.probe.size());
}

void write_framed_plane(SlotWriter& writer, const FrameSlot& slot, const FramedPlane& framed, Frame& frame) {
  const Surface& surface = framed.train.surface;
  writer.write_grid(slot, ProbeSet::kTrain, view_of(framed.train));
  if (framed.test) write_second_surface(writer, slot, *framed.test, frame);
  frame.facts.grid_side = surface.side();
  frame.facts.grid_ready = surface.ready();
  frame.facts.grid_finished = surface.finished();
  frame.facts.grid_error = static_cast<float>(surface.error(LossScale::kLinear));
  frame.facts.grid_log_error = static_cast<float>(surface.error(LossScale::kLog));
  frame.facts.grid_evaluated = surface.evaluated();
  const Plane& plane = framed.plane;
  frame.header.a_min = static_cast<float>(plane.a_min);
  frame.header.a_max = static_cast<float>(plane.a_max);
  frame.header.b_min = static_cast<float>(plane.b_min);
  frame.header.b_max = static_cast<float>(plane.b_max);
  frame.facts.loss_min = surface.minimum();
  frame.facts.loss_max = surface.maximum();
  frame.facts.directions = plane.kind;
  frame.facts.explained1 = static_cast<float>(plane.explained1);
  frame.facts.explained2 = static_cast<float>(plane.explained2);
  frame.facts.null1 = static_cast<float>(plane.null1);
  frame.facts.null2 = static_cast<float>(plane.null2);
  frame.facts.curvature1 = static_cast<float>(plane.curvature1);
  frame.facts.curvature2 = static_cast<float>(plane.curvature2);
  frame.facts.probe_images = static_cast<std::uint32_t>(framed.train.probe.size());
  frame.facts.probe_of_test = framed.train.of_test;
}

}  // namespace fl
