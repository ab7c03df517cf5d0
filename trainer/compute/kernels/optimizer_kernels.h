#pragma once
// One weight's update by each optimizer. A kernel names the state it needs by its parameters: none, a first
// array, or a first and a second; the arrays start at zero. What is the same for every weight of a step is
// computed once, on the host, into an OptimizerStep.

#include <cmath>

#include "trainer/base/host_device.h"

namespace fl::kernels {

template <typename T>
struct OptimizerStep {
  T rate;
  T beta1, beta2;
  T share1, share2;  // 1 - beta, rounded once: in float, 1 - 0.999f is off by 5e-5 of itself
  T correction1;     // 1 / (1 - beta1^t)
  T correction2;     // 1 / (1 - beta2^t)
  T nu1, nu2;
  T rest1, rest2;  // 1 - nu
  T epsilon;
  T l2;    // weight decay that joins the gradient
  T kept;  // what decoupled weight decay leaves of a weight: 1 - rate * weight_decay
};

// Parameters that the optimizer treats alike within a step: whether they decay, and whether they learn at the
// usual rate or at the other one.
inline constexpr int kParameterGroups = 4;
FL_HD constexpr int parameter_group(bool decays, bool other_rate) {
  return (decays ? 1 : 0) + (other_rate ? 2 : 0);
}

// The gradient of loss + l2 / 2 |w|^2. With l2 = 0 it is the gradient itself.
template <typename T>
FL_HD inline T decayed_gradient(T weight, T gradient, const OptimizerStep<T>& step) {
  return gradient + step.l2 * weight;
}

// How many state arrays a kernel takes.
template <typename T>
FL_HD constexpr int state_arrays(void (*)(T&, T, const OptimizerStep<T>&)) {
  return 0;
}
template <typename T>
FL_HD constexpr int state_arrays(void (*)(T&, T, T&, const OptimizerStep<T>&)) {
  return 1;
}
template <typename T>
FL_HD constexpr int state_arrays(void (*)(T&, T, T&, T&, const OptimizerStep<T>&)) {
  return 2;
}

// Calls a kernel with as much of the state as it takes; the rest of the pointers may be null.
template <auto kKernel, typename T>
FL_HD inline void update(T& weight, T gradient, T* first, T* second, const OptimizerStep<T>& step) {
  if constexpr (state_arrays(kKernel) == 0)
    kKernel(weight, gradient, step);
  else if constexpr (state_arrays(kKernel) == 1)
    kKernel(weight, gradient, *first, step);
  else
    kKernel(weight, gradient, *first, *second, step);
}

template <typename T>
FL_HD inline void gradient_descent(T& weight, T gradient, const OptimizerStep<T>& step) {
  weight -= step.rate * gradient;
}

// Heavy ball (Polyak 1964): the velocity keeps beta1 of itself and the scaled gradient joins it.
template <typename T>
FL_HD inline void momentum(T& weight, T gradient, T& velocity, const OptimizerStep<T>& step) {
  velocity = step.beta1 * velocity - step.rate * gradient;
  weight += velocity;
}

// Nesterov 1983 as Sutskever et al. 2013 write it. The weight held is the point looked ahead to, so that the
// gradient of the next batch is taken there.
template <typename T>
FL_HD inline void nesterov(T& weight, T gradient, T& velocity, const OptimizerStep<T>& step) {
  velocity = step.beta1 * velocity - step.rate * gradient;
  weight += step.beta1 * velocity - step.rate * gradient;
}

// Duchi et al. 2011: every weight divides by the root of all its squared gradients.
template <typename T>
FL_HD inline void adagrad(T& weight, T gradient, T& squares, const OptimizerStep<T>& step) {
  squares += gradient * gradient;
  weight -= step.rate * gradient / (std::sqrt(squares) + step.epsilon);
}

// Tieleman and Hinton 2012: AdaGrad whose squares fade by beta2.
template <typename T>
FL_HD inline void rmsprop(T& weight, T gradient, T& squares, const OptimizerStep<T>& step) {
  squares = step.beta2 * squares + step.share2 * gradient * gradient;
  weight -= step.rate * gradient / (std::sqrt(squares) + step.epsilon);
}

template <typename T>
FL_HD inline void update_moments(T gradient, T& first, T& second, const OptimizerStep<T>& step) {
  first = step.beta1 * first + step.share1 * gradient;
  second = step.beta2 * second + step.share2 * gradient * gradient;
}

// Kingma and Ba 2015, with epsilon added outside the root of the corrected second moment, as Keras and
// TensorFlow.js do.
template <typename T>
FL_HD inline void adam(T& weight, T gradient, T& first, T& second, const OptimizerStep<T>& step) {
  update_moments(gradient, first, second, step);
  weight -= step.rate * (first * step.correction1) / (std::sqrt(second * step.correction2) + step.epsilon);
}

// Loshchilov and Hutter 2019: the decay acts on the weight and never enters the moments.
template <typename T>
FL_HD inline void adamw(T& weight, T gradient, T& first, T& second, const OptimizerStep<T>& step) {
  weight *= step.kept;
  adam(weight, gradient, first, second, step);
}

// Ma and Yarats 2019: nu1 of an averaged gradient, the rest of the gradient itself. nu1 = 0 is gradient
// descent, nu1 = 1 momentum whose rate is multiplied by 1 - beta1.
template <typename T>
FL_HD inline void qhm(T& weight, T gradient, T& average, const OptimizerStep<T>& step) {
  average = step.beta1 * average + step.share1 * gradient;
  weight -= step.rate * (step.rest1 * gradient + step.nu1 * average);
}

// Ma and Yarats 2019: the same for both moments of Adam, which it is at nu1 = nu2 = 1.
template <typename T>
FL_HD inline void qhadam(T& weight, T gradient, T& first, T& second, const OptimizerStep<T>& step) {
  update_moments(gradient, first, second, step);
  const T direction = step.rest1 * gradient + step.nu1 * (first * step.correction1);
  const T square = step.rest2 * gradient * gradient + step.nu2 * (second * step.correction2);
  weight -= step.rate * direction / (std::sqrt(square) + step.epsilon);
}

}  // namespace fl::kernels
