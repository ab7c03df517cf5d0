#pragma once
// How sharp the valley is in which a training stands, beside what its optimizer can bear.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "trainer/curvature/stability.h"
#include "trainer/subjects/training.h"

namespace fl {

struct CurvatureSpec {
  std::size_t images = 64;    // of the training set, the first of them: the probe, the same each time
  std::size_t values = 3;     // so many of the largest curvatures
  double tolerance = 1e-3;    // of the largest one
  std::size_t products = 60;  // at most, for each matrix
};

struct RunCurvature {
  std::int64_t step = 0;
  std::size_t images = 0;              // that were taken
  double loss = 0, gradient_norm = 0;  // over them, in evaluation mode (but for batch norms, see TangentNet)
  std::vector<double> values;          // the largest eigenvalues of the Hessian of that loss, descending
  double error = 0;                    // how far off they may be: their largest residual
  // Of the batches that the probe makes: the mean of g H g / |g|^2, each with its own loss (Andreyev and
  // Beneventano 2024, arXiv:2412.20553). What training in batches keeps at the limit.
  double batch_sharpness = 0;
  // What the optimizer's limit is to be compared with: values[0], or the largest eigenvalue of P^-1 H; none
  // before an optimizer that divides has made a step.
  std::optional<double> sharpness;
  std::optional<StabilityLimit> limit;  // at the rate of the next step; none where none is known

  // Numbers that are none are null.
  [[nodiscard]] std::string json() const;
};

// At the weights of the moment, which stay as they are. Errors: a network that check_tangents refuses;
// weights whose curvature is no number, as after a divergence.
Result<RunCurvature> measure_curvature(Training& training, const CurvatureSpec& spec);

}  // namespace fl
