#include "trainer/optim/optimizer.h"

#include <cmath>

#include "trainer/backend/kernels/optimizer_kernels.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

// Runs `update(weight, index)` over the arena and returns the norm of the change.
template <typename Update>
double apply(std::span<float> params, Update update) {
  double sum = 0;
  for (std::size_t i = 0; i < params.size(); ++i) {
    const float before = params[i];
    update(params[i], i);
    const double change = static_cast<double>(params[i]) - before;
    sum += change * change;
  }
  return std::sqrt(sum);
}

}  // namespace

Result<OptimizerKind> optimizer_by_name(const std::string& name) {
  if (name == "adam") return OptimizerKind::kAdam;
  if (name == "gradient-descent") return OptimizerKind::kGradientDescent;
  return error("There is no optimizer called \"{}\"; there are adam and gradient-descent.", name);
}

const char* optimizer_name(OptimizerKind kind) {
  return kind == OptimizerKind::kAdam ? "adam" : "gradient-descent";
}

const std::vector<std::string>& optimizer_names() {
  static const std::vector<std::string> names = {"adam", "gradient-descent"};
  return names;
}

void OptimizerState::reset(const OptimizerSpec& spec, std::size_t floats) {
  const std::size_t needed = spec.kind == OptimizerKind::kAdam ? floats : 0;
  first.assign(needed, 0.0f);
  second.assign(needed, 0.0f);
  steps = 0;
}

double optimizer_step(const OptimizerSpec& spec, double rate, OptimizerState& state,
                      std::span<const float> gradients, std::span<float> params) {
  FL_CHECK(gradients.size() == params.size());
  ++state.steps;
  const auto rate_f = static_cast<float>(rate);
  if (spec.kind == OptimizerKind::kGradientDescent)
    return apply(params,
                 [&](float& w, std::size_t i) { kernels::gradient_descent(w, gradients[i], rate_f); });

  FL_CHECK(state.first.size() == params.size() && state.second.size() == params.size());
  const auto t = static_cast<double>(state.steps);
  const kernels::AdamStep<float> step{rate_f,
                                      static_cast<float>(spec.beta1),
                                      static_cast<float>(spec.beta2),
                                      static_cast<float>(spec.epsilon),
                                      static_cast<float>(1.0 - spec.beta1),
                                      static_cast<float>(1.0 - spec.beta2),
                                      static_cast<float>(1.0 / (1.0 - std::pow(spec.beta1, t))),
                                      static_cast<float>(1.0 / (1.0 - std::pow(spec.beta2, t)))};
  return apply(params, [&](float& w, std::size_t i) {
    kernels::adam(w, gradients[i], state.first[i], state.second[i], step);
  });
}

}  // namespace fl
