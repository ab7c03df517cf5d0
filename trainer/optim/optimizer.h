#pragma once
// Optimizers: what they are called, what state they keep, and their step over flat arenas on the host.
// The update of one weight lives in backend/kernels, so that a GPU backend runs the very same formula.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

enum class OptimizerKind { kGradientDescent, kAdam };

struct OptimizerSpec {
  OptimizerKind kind = OptimizerKind::kAdam;
  double beta1 = 0.9, beta2 = 0.999;
  double epsilon = 1e-7;
};

// "adam" or "gradient-descent". Errors name what exists.
Result<OptimizerKind> optimizer_by_name(const std::string& name);
const char* optimizer_name(OptimizerKind kind);
const std::vector<std::string>& optimizer_names();

// Moments of one run, in the parameter arena's layout; empty where the optimizer needs none.
struct OptimizerState {
  std::vector<float> first, second;
  std::int64_t steps = 0;  // updates applied since the state was reset

  void reset(const OptimizerSpec& spec, std::size_t floats);
};

// params -= update(gradients). All spans have the arena's length; returns |update|_2, its Euclidean norm.
double optimizer_step(const OptimizerSpec& spec, double rate, OptimizerState& state,
                      std::span<const float> gradients, std::span<float> params);

}  // namespace fl
