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

// One output of a network in a row of all its logits.
struct OutputPart {
  std::size_t begin = 0, channels = 0, pixels = 0;
  bool sigmoid = true;  // else softmax
  float weight = 1;
  FL_HD std::size_t floats() const { return channels * pixels; }
  // What its loss is the mean of.
  FL_HD std::size_t averaged() const { return sigmoid ? floats() : pixels; }
};

// The outputs of a network; without `parts` it has none of its own, and labels instead of targets.
struct TargetTable {
  const OutputPart* parts = nullptr;
  std::size_t count = 0;
  const float* targets = nullptr;  // of the data set: [image][all outputs]
};

// The loss of one image, in all outputs together.
FL_HD inline float weigh_targets(const TargetTable& table, const float* logits, const float* targets,
                                 float* probabilities) {
  float loss = 0;
  for (std::size_t o = 0; o < table.count; ++o) {
    const OutputPart& part = table.parts[o];
    const float *own = logits + part.begin, *wanted = targets + part.begin;
    float* to = probabilities + part.begin;
    loss += part.weight * (part.sigmoid ? sigmoid_loss(own, wanted, part.floats(), to)
                                        : softmax_loss(own, wanted, part.channels, part.pixels, to));
  }
  return loss;
}

// From probabilities to d(loss)/d(logits) times `share`, in place.
FL_HD inline void differentiate_targets(const TargetTable& table, const float* targets, float share,
                                        float* row) {
  for (std::size_t o = 0; o < table.count; ++o) {
    const OutputPart& part = table.parts[o];
    const float scale = part.weight * share / static_cast<float>(part.averaged());
    for (std::size_t i = part.begin; i < part.begin + part.floats(); ++i)
      row[i] = target_gradient(row[i], targets[i], scale);
  }
}

// Between an output's own values, [image][part], and rows of all outputs: to[i] = from[i], either way.
struct CopyRows {
  const float* from;
  float* to;
  std::size_t part, from_row, to_row;
  FL_HD void operator()(std::size_t i) const {
    to[i / part * to_row + i % part] = from[i / part * from_row + i % part];
  }
};

}  // namespace fl::kernels
