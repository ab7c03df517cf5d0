#pragma once
// What works on each value by itself. Activations let NaN through: a training that has diverged must not look
// as if it had not. Each functor's index runs over [image][channel][pixel].

#include <cmath>
#include <cstddef>
#include <cstdint>

#include "trainer/base/host_device.h"

namespace fl::kernels {

enum class Activation { kNone, kRelu, kRelu6 };

FL_HD inline float activate(Activation f, float x) {
  if (f == Activation::kNone) return x;
  if (x < 0) return 0;
  return f == Activation::kRelu6 && x > 6 ? 6.0f : x;
}

// The gradient below an activation, from the one above and the activation's output.
FL_HD inline float undo_activation(Activation f, float output, float gradient) {
  if (f == Activation::kNone) return gradient;
  const bool flat = output <= 0 || (f == Activation::kRelu6 && output >= 6);
  return flat ? 0.0f : gradient;
}

// to (+)= value
FL_HD inline void deliver(float& to, float value, bool accumulate) {
  to = accumulate ? to + value : value;
}

// y = f(y + bias); bias may be null.
struct BiasActivation {
  float* values;
  const float* bias;
  std::size_t channels, area;
  Activation activation;
  FL_HD void operator()(std::size_t i) const {
    const float x = bias == nullptr ? values[i] : values[i] + bias[i / area % channels];
    values[i] = activate(activation, x);
  }
};

struct Activate {
  const float* input;
  float* output;
  Activation activation;
  FL_HD void operator()(std::size_t i) const { output[i] = activate(activation, input[i]); }
};

struct AddActivate {
  const float *first, *second;
  float* output;
  Activation activation;
  FL_HD void operator()(std::size_t i) const { output[i] = activate(activation, first[i] + second[i]); }
};

// below (+)= above * f'(.)
struct UndoActivation {
  const float *output, *above;
  float* below;
  Activation activation;
  bool accumulate;
  FL_HD void operator()(std::size_t i) const {
    deliver(below[i], undo_activation(activation, output[i], above[i]), accumulate);
  }
};

}  // namespace fl::kernels
