#pragma once
// Losses of a network that is trained towards given numbers: of one output of one image, [channel][pixel].
// `probabilities` gets what the output says (may alias `logits`). A logit that is not finite gives a loss
// that is not finite.

#include <cmath>
#include <cstddef>

#include "trainer/base/host_device.h"

namespace fl::kernels {

// Binary cross-entropy of each value by itself, the mean over all of them: log(1 + exp(-|z|)) + max(z, 0) - z
// t, which is exact for large logits too. Targets are from 0 to 1.
template <typename T>
FL_HD inline T sigmoid_loss(const T* logits, const T* targets, std::size_t values, T* probabilities) {
  T sum = 0;
  for (std::size_t i = 0; i < values; ++i) {
    const T z = logits[i];
    const T small = std::exp(z < 0 ? z : -z);
    sum += std::log1p(small) + (z > 0 ? z : T(0)) - z * targets[i];
    probabilities[i] = (z < 0 ? small : T(1)) / (1 + small);
  }
  return sum / static_cast<T>(values);
}

// Softmax over the channels of each pixel, the mean over the pixels. The targets of a pixel add up to 1.
template <typename T>
FL_HD inline T softmax_loss(const T* logits, const T* targets, std::size_t channels, std::size_t pixels,
                            T* probabilities) {
  T total = 0;
  for (std::size_t p = 0; p < pixels; ++p) {
    T largest = logits[p];
    for (std::size_t c = 1; c < channels; ++c)
      if (const T z = logits[c * pixels + p]; z > largest) largest = z;
    T sum = 0, meant = 0;
    for (std::size_t c = 0; c < channels; ++c) {
      const T shifted = logits[c * pixels + p] - largest;
      meant += targets[c * pixels + p] * shifted;
      probabilities[c * pixels + p] = std::exp(shifted);
      sum += probabilities[c * pixels + p];
    }
    for (std::size_t c = 0; c < channels; ++c) probabilities[c * pixels + p] /= sum;
    total += std::log(sum) - meant;
  }
  return total / static_cast<T>(pixels);
}

// d(loss)/d(logit) of either, times `scale`: its weight over the images of the batch and over the values, or
// pixels, that the loss is the mean of.
template <typename T>
FL_HD inline T target_gradient(T probability, T target, T scale) {
  return (probability - target) * scale;
}

}  // namespace fl::kernels
