#pragma once
// What is known at one place of the landscape: who looks asks for a place, and is told of the grid point
// there.

#include <cstdint>
#include <optional>

#include "trainer/seam/frame.h"
#include "trainer/subjects/landscape/landscape_view.h"

namespace fl {

// Plane coordinates.
struct LandscapePlace {
  double a = 0, b = 0;
  bool operator==(const LandscapePlace&) const = default;
};

struct SurfaceAnswer {
  float loss = 0;  // meaningless where the state has none
  CellState state = CellState::kUnknown;
  // How far off it may be, as a share of the range of heights in that scale; 0 where it was evaluated, 1:
  // nothing is told.
  double bound = 0;
  LossScale scale = LossScale::kLinear;
  bool of_test = false;
  std::string network{};  // of which run's network; empty: there is one
};

struct LandscapeAnswer {
  double a = 0, b = 0;  // of the grid point nearest to the place
  SurfaceAnswer surface;
  std::optional<SurfaceAnswer> glass{};  // the surface over it, where there is one
  std::optional<PathPoint> on_path{};    // the nearest point of a path, where one is near
  std::string path{};                    // its name, where there are several
};

// Nothing outside of the plane's rectangle, and where there is no landscape.
[[nodiscard]] std::optional<LandscapeAnswer> answer(const LandscapeView& view, const LandscapePlace& place);

}  // namespace fl
