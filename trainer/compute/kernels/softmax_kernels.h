#pragma once
// Softmax cross-entropy of one image: loss = log(sum exp z) - z_label, from the shifted logits, so that it
// is exact for large ones too. A logit that is not finite gives a loss that is not finite.

#include <cmath>

#include "trainer/base/host_device.h"

namespace fl::kernels {

template <typename T>
struct CrossEntropy {
  T loss = 0;
  int prediction = 0;  // -1 where a logit is not finite
  T slope = 1;         // 0 where the loss is clipped, so that nothing moves it; else 1
};

// `probabilities` gets the softmax (may alias `logits`); classes >= 1. `clip`: what the label's probability
// is kept away from 0 and 1 by in the loss, as Keras and TensorFlow.js do with 1e-7; 0: not at all.
template <typename T>
FL_HD inline CrossEntropy<T> softmax_cross_entropy(const T* logits, int label, int classes, T* probabilities,
                                                   T clip = 0) {
  CrossEntropy<T> result;
  T largest = logits[0];
  for (int c = 1; c < classes; ++c) {
    if (logits[c] > largest) {
      largest = logits[c];
      result.prediction = c;
    }
  }
  const T own = logits[label] - largest;
  T sum = 0;
  for (int c = 0; c < classes; ++c) {
    probabilities[c] = std::exp(logits[c] - largest);
    sum += probabilities[c];
  }
  for (int c = 0; c < classes; ++c) probabilities[c] /= sum;
  result.loss = std::log(sum) - own;
  const T probability = probabilities[label];
  if (std::isfinite(own) && (probability < clip || probability > 1 - clip)) {
    result.loss = -std::log(probability < clip ? clip : 1 - clip);
    result.slope = 0;
  }
  // Logits that are not finite predict nothing.
  if (!std::isfinite(sum) || !std::isfinite(largest)) result.prediction = -1;
  return result;
}

// What the loss of an image of class `label` is multiplied by, and its gradient with it. `weights`: one a
// class, or null, where all count the same.
template <typename T>
FL_HD inline T class_weight(const T* weights, int label) {
  return weights == nullptr ? T(1) : weights[label];
}

// d(mean loss)/d(logit c) of one image; `scale`: its slope times its class weight, over the number of images
// in the batch.
template <typename T>
FL_HD inline T cross_entropy_gradient(T probability, bool is_label, T scale) {
  return (probability - (is_label ? T(1) : T(0))) * scale;
}

}  // namespace fl::kernels
