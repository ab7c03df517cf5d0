#pragma once
// The scene's [landscape] table.

#include <cstddef>

#include "trainer/landscape/plane_choice.h"
#include "trainer/scene/key_table.h"

namespace fl {

struct LandscapeSpec {
  PlaneChoice plane;
  SurfaceSets surfaces = SurfaceSets::kTrain;
  int grid = 33;                // points a side of the finest level
  double error = 0.01;          // of a predicted height, as a share of their range; 0: none is predicted
  int small_probe = 64;         // images that most points are evaluated over; 0: all over the whole probe
  int probe_images = 256;       // at most; the first of the set's order
  int snapshots = 192;          // path points kept, where path_megabytes allows it
  double path_megabytes = 256;  // of all of them; see kept_snapshots()
  int curvature = 0;            // steps between two measurements of curvature; 0: none is measured
  int curvature_images = 64;    // at most, that it is measured over
};

const KeyTable<LandscapeSpec>& landscape_keys();

// How many points of the path are kept for a network whose parameters fill an arena of so many floats: what
// the scene asks for, or as many as its path_megabytes hold, but at least 8.
[[nodiscard]] std::size_t kept_snapshots(const LandscapeSpec& landscape, std::size_t floats);

}  // namespace fl
