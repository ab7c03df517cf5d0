#pragma once
// Optimizers: what they are called, what state they keep, and their step over flat arenas on the host.
// Both their list and the update of one weight lie in compute/kernels, so that a GPU runs the very same
// formula.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/compute/kernels/optimizer_kernels.h"
#include "trainer/compute/kernels/optimizer_kind.h"

namespace fl {

// Learning rates that scenes and viewers may ask for.
inline constexpr double kMinRate = 1e-12, kMaxRate = 1e6;

// Each optimizer reads what its formula names (kernels/optimizer_kernels.h) and ignores the rest.
struct OptimizerSpec {
  OptimizerKind kind = OptimizerKind::kAdam;
  double beta1 = 0.9;       // what momentum, or the average of the gradient, keeps of itself
  double beta2 = 0.999;     // what the average of the squared gradient keeps of itself
  double epsilon = 1e-7;    // added to the root of the squares
  double nu1 = 1;           // QHM, QHAdam: the average's part; the gradient itself has the rest
  double nu2 = 1;           // QHAdam: the same for the squares
  double weight_decay = 0;  // L2 penalty w/2 |theta|^2 in the gradient; AdamW: decoupled from it

  bool operator==(const OptimizerSpec&) const = default;
};

// The numbers of a spec, by their names in scenes.
struct OptimizerNumber {
  const char* name;
  double OptimizerSpec::*value;
};
inline constexpr OptimizerNumber kOptimizerNumbers[] = {
    {"beta1", &OptimizerSpec::beta1},     {"beta2", &OptimizerSpec::beta2},
    {"epsilon", &OptimizerSpec::epsilon}, {"nu1", &OptimizerSpec::nu1},
    {"nu2", &OptimizerSpec::nu2},         {"weight_decay", &OptimizerSpec::weight_decay},
};

// Learning rates that tell optimizers apart on one surface of two parameters; several of them share one.
struct SurfaceRates {
  double gradient_descent;
  double momentum;
  double adagrad;
  double rmsprop;
  double adam;
  double qhm;
};

struct OptimizerInfo {
  const char* name;                    // in scenes: "gradient-descent"
  const char* label;                   // on screen: "Gradient descent"
  int state_arrays;                    // each as long as the parameter arena
  bool decoupled_decay;                // weight decay acts on the weight, not on the gradient
  double SurfaceRates::*surface_rate;  // the one that suits it
  OptimizerSpec defaults;              // its kind, and the parameters its authors recommend
};

const OptimizerInfo& optimizer_info(OptimizerKind kind);
const char* optimizer_name(OptimizerKind kind);
// All of them, in OptimizerKind's order.
const std::vector<std::string>& optimizer_names();
// Errors name what exists.
Result<OptimizerKind> optimizer_by_name(const std::string& name);
// `spec` for another optimizer: what was set apart from its own defaults stays, the rest becomes the new
// one's defaults.
OptimizerSpec with_kind(const OptimizerSpec& spec, OptimizerKind kind);

// Whether its steps depend on one of a spec's numbers.
bool optimizer_reads(OptimizerKind kind, double OptimizerSpec::*number);

// Floats [begin, end) of an arena, and how the optimizer treats them. It treats all others alike: they do not
// decay, and learn at the rate itself.
struct ArenaRange {
  std::size_t begin = 0, end = 0;
  bool decays = true;
  double rate_factor = 1;  // of the learning rate
  bool operator==(const ArenaRange&) const = default;
};

// What one run's optimizer remembers. `arrays` and `steps` are all that a checkpoint has to keep.
struct OptimizerState {
  std::vector<std::vector<float>> arrays;  // in the parameter arena's layout
  std::int64_t steps = 0;                  // updates applied since the state was reset
  std::vector<ArenaRange> ranges;          // ascending, disjoint

  // `special`: see parameter_ranges.h.
  void reset(const OptimizerSpec& spec, std::size_t floats, std::vector<ArenaRange> special);
};

// One update of `params`. All spans have the arena's length; returns |update|_2, its Euclidean norm.
double optimizer_step(const OptimizerSpec& spec, double rate, OptimizerState& state,
                      std::span<const float> gradients, std::span<float> params);

// The constants of update number `t`, counted from 1, as the kernels read them: for parameters without and
// with weight decay.
struct OptimizerConstants {
  kernels::OptimizerStep<float> plain, decaying;
  [[nodiscard]] const kernels::OptimizerStep<float>& of(bool decays) const {
    return decays ? decaying : plain;
  }
};
OptimizerConstants optimizer_constants(const OptimizerSpec& spec, double rate, std::int64_t t);

// |v|_2, summed in the order of optimizer_step's norm.
double euclidean_norm(std::span<const float> v);

}  // namespace fl
