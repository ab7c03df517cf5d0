#pragma once
// One weight's update by each optimizer. Adam follows Kingma and Ba 2015 with the bias corrections folded
// into `rate_corrected` and `epsilon` added outside the root of the corrected second moment, as Keras and
// TensorFlow.js do.

#include <cmath>

#include "trainer/backend/kernels/host_device.h"

namespace fl::kernels {

template <typename T>
FL_HD inline void gradient_descent(T& weight, T gradient, T rate) {
  weight -= rate * gradient;
}

template <typename T>
struct AdamStep {
  T rate, beta1, beta2, epsilon;
  T share1, share2;  // 1 - beta, rounded once: in float, 1 - 0.999f is off by 5e-5 of itself
  T correction1;     // 1 / (1 - beta1^t)
  T correction2;     // 1 / (1 - beta2^t)
};

template <typename T>
FL_HD inline void adam(T& weight, T gradient, T& first, T& second, const AdamStep<T>& step) {
  first = step.beta1 * first + step.share1 * gradient;
  second = step.beta2 * second + step.share2 * gradient * gradient;
  weight -= step.rate * (first * step.correction1) / (std::sqrt(second * step.correction2) + step.epsilon);
}

}  // namespace fl::kernels
