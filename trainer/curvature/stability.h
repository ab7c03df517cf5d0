#pragma once
// How sharp a valley an optimizer can go down: where the loss is quadratic, a step along a direction of
// larger curvature leads further away each time. In training without batches the largest curvature rises up
// to that limit and stays about there (Cohen et al. 2021, arXiv:2103.00065; for optimizers that divide by a
// root of squares, Cohen et al. 2022, arXiv:2207.14484).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "trainer/optim/optimizer.h"

namespace fl {

struct StabilityLimit {
  double sharpness = 0;         // the largest curvature that the optimizer can bear
  bool preconditioned = false;  // of P^-1 H, with preconditioner(), and not of the Hessian itself
};

// At a constant rate: gradient descent 2 / rate; momentum (2 + 2 beta1) / rate; Nesterov that over 1 + 2
// beta1; QHM (2 + 2 beta1) / (rate (1 + beta1 - 2 nu1 beta1)), from the same recursion; AdaGrad and RMSprop 2
// / rate, Adam (2 + 2 beta1) / (rate (1 - beta1)), of P^-1 H. Weight decay that joins the gradient adds to
// every curvature and is taken off here, but where it is divided as well: there, and with AdamW, it is left
// out. Nothing for an optimizer of which none is known.
std::optional<StabilityLimit> stability_limit(const OptimizerSpec& spec, double rate);

// The limit as a number over the rate, "3.8 / rate", without what weight decay changes of it. Precondition:
// one is known.
[[nodiscard]] std::string limit_rule(const OptimizerSpec& spec);

// The diagonal P by which the next step divides what it takes of the gradient, as long as `arrays`
// (OptimizerState::arrays) after so many steps. Empty where nothing is divided, and before the first step.
std::vector<double> preconditioner(const OptimizerSpec& spec, std::span<const std::vector<float>> arrays,
                                   std::int64_t steps);

}  // namespace fl
