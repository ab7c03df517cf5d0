#pragma once
// The landscape of a subject as it stands: the plane, what is known of the surfaces over it, and the paths.
// For whoever writes it into a file or answers questions about it; it is valid until the subject goes on.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "trainer/landscape/plane.h"
#include "trainer/landscape/surface.h"
#include "trainer/seam/frame_header.h"

namespace fl {

struct SurfaceView {
  const Surface* surface = nullptr;  // never null in a LandscapeView
  const char* set = "";              // whose images: "training" or "test"; empty: there are none
  std::size_t images = 0;            // of the probe
  std::string network{};             // of which run's network; empty: there is one
};

struct PathView {
  std::string name;  // empty: of the training
  std::span<const PathPoint> points;
};

struct LandscapeView {
  const Plane* plane = nullptr;       // null: there is no landscape
  std::vector<SurfaceView> surfaces;  // the one that is drawn in colour first
  std::vector<PathView> paths;
};

}  // namespace fl
