// What somebody chooses of a landscape while it is shown.
#include <optional>

#include "trainer/subjects/landscape/landscape_tracker.h"

namespace fl {

void LandscapeTracker::choose(const PlaneChoice& plane) {
  const PlaneChoice possible = possible_plane(plane, training_.program().spec(), laying_.choice());
  if (possible == laying_.choice()) return;
  laying_.choose(possible);
  if (laying_.wants_iterates()) laying_.note_iterate(training_.steps(), weights());
  lay_anew();
}

void LandscapeTracker::choose(SurfaceSets surfaces) {
  if (framing_.choose(surfaces)) lay_anew();
}

void LandscapeTracker::choose_probe(int images) {
  if (framing_.choose_probe(images)) lay_anew();
}

void LandscapeTracker::choose_grid(int side) {
  if (framing_.choose_grid(side)) lay_anew();
}

// What is shown stays until the new one has its first heights; what was to come next is none of it.
void LandscapeTracker::lay_anew() {
  if (SlotWriter* device = slot_writer(); device != nullptr && next_) {
    device->end_grid(next_->train.id);
    if (next_->test) device->end_grid(next_->test->id);
  }
  next_.reset();
  curved_.reset();
  kept_ = false;
  reframe_wanted_ = owed_ = true;
  ++version_;
}

void LandscapeTracker::show(Plane plane) {
  lay_anew();
  keep();
  frame_next(std::move(plane));
}

void LandscapeTracker::choose(LossScale scale) {
  framing_.choose(scale);
  for (std::optional<FramedPlane>* framed : {&shown_, &next_}) {
    if (!*framed) continue;
    (*framed)->choose(scale);
  }
  ++version_;
}

}  // namespace fl
