#pragma once
// Batch norm (Ioffe and Szegedy 2015), planar: y = scale (x - mean) / sqrt(variance + epsilon) + shift.

#include <cmath>
#include <cstddef>

#include "trainer/compute/kernels/pointwise_kernels.h"

namespace fl::kernels {

FL_HD inline float inverse_deviation(float variance, float epsilon) {
  return 1.0f / std::sqrt(variance + epsilon);
}

// Where value k of a channel lies: [image][channel][pixel].
struct ChannelIndex {
  std::size_t channels, area;
  FL_HD std::size_t operator()(std::size_t channel, std::size_t k) const {
    return (k / area * channels + channel) * area + k % area;
  }
};

// What one norm layer needs on the way up and back; arrays by channel.
struct NormParameters {
  const float *mean, *variance, *scale, *shift;
  float epsilon;
  FL_HD float normalised(float x, std::size_t channel) const {
    return (x - mean[channel]) * inverse_deviation(variance[channel], epsilon);
  }
};

struct Normalise {
  const float* input;
  float* output;
  NormParameters norm;
  std::size_t channels, area;
  Activation activation;
  FL_HD void operator()(std::size_t i) const {
    const std::size_t c = i / area % channels;
    output[i] = activate(activation, norm.scale[c] * norm.normalised(input[i], c) + norm.shift[c]);
  }
};

// `scale_gradient` and `shift_gradient` hold the sums over the channel of gradient * normalised input and of
// the gradient; both are already undone through the activation. Both are null where the statistics are not
// the batch's: then nothing comes back through them.
struct NormGradient {
  const float *input, *above;  // above: through the activation already
  float* below;
  NormParameters norm;
  const float *scale_gradient, *shift_gradient;
  std::size_t channels, area;
  float count;  // values of a channel
  bool accumulate;
  FL_HD void operator()(std::size_t i) const {
    const std::size_t c = i / area % channels;
    const float centred =
        shift_gradient == nullptr
            ? above[i]
            : above[i] - shift_gradient[c] / count - norm.normalised(input[i], c) * scale_gradient[c] / count;
    deliver(below[i], norm.scale[c] * inverse_deviation(norm.variance[c], norm.epsilon) * centred,
            accumulate);
  }
};

// How one running statistic follows the batch's: keep * old + (1 - keep) * factor * batch. `factor` makes a
// variance unbiased. What keeps all of itself never follows: there may be no batch's.
struct StatisticRule {
  float keep, factor;
};

FL_HD inline float follow(float running, float batch, const StatisticRule& rule) {
  if (rule.keep == 1) return running;
  return rule.keep * running + (1 - rule.keep) * rule.factor * batch;
}

}  // namespace fl::kernels
