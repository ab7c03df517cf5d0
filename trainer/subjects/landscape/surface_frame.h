#pragma once
// Brings a framed plane into a frame: its surfaces into the slot, and what labels say of them.

#include "trainer/seam/slot_writer.h"
#include "trainer/subjects/landscape/framed_plane.h"

namespace fl {

// All but the plane's number and what is known of a ball. The test set's surface is written where it has a
// level complete. Precondition: the slot has room for the grids.
void write_framed_plane(SlotWriter& writer, const FrameSlot& slot, const FramedPlane& framed, Frame& frame);

// The surface that is drawn as glass: another grid of the same rectangle, once it has a height everywhere.
void write_second_surface(SlotWriter& writer, const FrameSlot& slot, const ProbedGrid& grid, Frame& frame);

}  // namespace fl
