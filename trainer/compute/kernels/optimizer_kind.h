#pragma once
// Every optimizer: one row each, from which everything else that knows of it is made. The other place is its
// formula, the kernel that the row names (optimizer_kernels.h). By itself, because device code reads it too.
//
//   ROW(kind, kernel, name in scenes, label on screen, rates, decoupled, defaults)
//
// rates: whose learning rates suit it on a surface of two parameters (SurfaceRates). decoupled: weight decay
// acts on the weight (OptimizerStep::kept) and not in the gradient. defaults: what the method's authors
// recommend, where it is not OptimizerSpec's; those of QHM and QHAdam stand in place of a momentum of 0.9. Names are kept in scenes and
// checkpoints: they never change.

#define FL_OPTIMIZERS(ROW)                                                                                   \
  ROW(kGradientDescent, gradient_descent, "gradient-descent", "Gradient descent", gradient_descent, false, ) \
  ROW(kMomentum, momentum, "momentum", "Momentum", momentum, false, )                                        \
  ROW(kNesterov, nesterov, "nesterov", "Nesterov", momentum, false, )                                        \
  ROW(kAdaGrad, adagrad, "adagrad", "AdaGrad", adagrad, false, )                                             \
  ROW(kRmsProp, rmsprop, "rmsprop", "RMSProp", rmsprop, false, .beta2 = 0.99)                                \
  ROW(kAdam, adam, "adam", "Adam", adam, false, )                                                            \
  ROW(kAdamW, adamw, "adamw", "AdamW", adam, true, .weight_decay = 0.01)                                     \
  ROW(kQhm, qhm, "qhm", "QHM", qhm, false, .beta1 = 0.999, .nu1 = 0.7)                                       \
  ROW(kQhAdam, qhadam, "qhadam", "QHAdam", adam, false, .beta1 = 0.995, .nu1 = 0.7)

namespace fl {

#define FL_KIND(kind, ...) kind,
enum class OptimizerKind { FL_OPTIMIZERS(FL_KIND) };
#undef FL_KIND

}  // namespace fl
