#include "trainer/curvature/stability.h"

#include <cmath>

#include <fmt/format.h>

namespace fl {

std::optional<StabilityLimit> stability_limit(const OptimizerSpec& spec, double rate) {
  const double beta = spec.beta1, decay = spec.weight_decay;
  const auto plain = [&](double limit) { return StabilityLimit{limit / rate - decay, false}; };
  const auto divided = [&](double limit) { return StabilityLimit{limit / rate, true}; };
  switch (spec.kind) {
    case OptimizerKind::kGradientDescent:
      return plain(2);
    case OptimizerKind::kMomentum:
      return plain(2 + 2 * beta);
    case OptimizerKind::kNesterov:
      return plain((2 + 2 * beta) / (1 + 2 * beta));
    case OptimizerKind::kQhm:
      return plain((2 + 2 * beta) / (1 + beta - 2 * spec.nu1 * beta));
    case OptimizerKind::kAdaGrad:
    case OptimizerKind::kRmsProp:
      return divided(2);
    case OptimizerKind::kAdam:
    case OptimizerKind::kAdamW:
      return divided((2 + 2 * beta) / (1 - beta));
    case OptimizerKind::kQhAdam:
      break;
  }
  return std::nullopt;
}

std::string limit_rule(const OptimizerSpec& spec) {
  OptimizerSpec plain = spec;
  plain.weight_decay = 0;
  return fmt::format("{:.4g} / rate", stability_limit(plain, 1)->sharpness);
}

std::vector<double> preconditioner(const OptimizerSpec& spec, std::span<const std::vector<float>> arrays,
                                   std::int64_t steps) {
  const auto limit = stability_limit(spec, 1);
  if (!limit || !limit->preconditioned || steps == 0) return {};
  const bool adam = spec.kind == OptimizerKind::kAdam || spec.kind == OptimizerKind::kAdamW;
  const auto t = static_cast<double>(steps);
  const double correction1 = adam ? 1 - std::pow(spec.beta1, t) : 1;
  const double correction2 = adam ? 1 - std::pow(spec.beta2, t) : 1;
  std::vector<double> diagonal;
  diagonal.reserve(arrays.back().size());
  for (const float square : arrays.back())
    diagonal.push_back(correction1 * (std::sqrt(static_cast<double>(square) / correction2) + spec.epsilon));
  return diagonal;
}

}  // namespace fl
