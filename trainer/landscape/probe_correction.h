#pragma once
// Losses over a small probe, and what those over the whole one differ: a smooth function, told by a spline
// from some points at which both are known. So a surface takes a small probe everywhere and the whole one at
// few points.

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "trainer/landscape/plane_spline.h"

namespace fl {

struct ProbeSample {
  SurfacePlace place;
  std::uint32_t column = 0, row = 0;                        // of its cell
  double small = 0;                                         // not finite: a hole
  double whole = std::numeric_limits<double>::quiet_NaN();  // not evaluated

  [[nodiscard]] bool has_whole() const { return whole == whole; }
};

// Of each sample: the loss over the whole probe, evaluated or corrected, and how far off that may be, as
// surfaces have it (surface_model.h); 0 where it was evaluated. Nothing where too few samples have both.
struct CorrectedLoss {
  double loss = 0, doubt = 0;
};
[[nodiscard]] std::optional<std::vector<CorrectedLoss>> corrected(std::span<const ProbeSample> samples);

}  // namespace fl
