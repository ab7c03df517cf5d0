#pragma once
// How sharp the valley is in which a training stands, beside what its optimizer can bear: all at once.

#include <string>

#include "trainer/subjects/curvature/curvature_work.h"

namespace fl {

struct RunCurvature : MeasuredCurvature {
  // Numbers that are none are null.
  [[nodiscard]] std::string json() const;
};

// At the weights of the moment, which stay as they are. Errors: a network that check_tangents refuses;
// weights whose curvature is no number, as after a divergence.
Result<RunCurvature> measure_curvature(Training& training, const CurvatureSpec& spec);

}  // namespace fl
