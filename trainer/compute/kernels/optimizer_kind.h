#pragma once
// Which optimizers there are; by itself, because device code reads it too.

namespace fl {

enum class OptimizerKind {
  kGradientDescent,
  kMomentum,
  kNesterov,
  kAdaGrad,
  kRmsProp,
  kAdam,
  kAdamW,
  kQhm,
  kQhAdam,
};

}  // namespace fl
