#pragma once
// The summations of the layers' passes; segments are channels.

#include "trainer/compute/kernels/norm_kernels.h"
#include "trainer/compute/kernels/sums.h"

namespace fl::kernels {

// Undoes the activation behind a layer, in place, and forms the gradient of the layer's bias on the way.
struct BiasGradient {
  static constexpr int kSums = 1;
  const float* output;
  float* above;
  float* bias_gradient;
  ChannelIndex index;
  Activation activation;
  FL_HD Sums<1> term(std::size_t channel, std::size_t k) const {
    const std::size_t i = index(channel, k);
    float gradient = above[i];
    if (activation != Activation::kNone) above[i] = gradient = undo_activation(activation, output[i], gradient);
    return {{static_cast<double>(gradient)}};
  }
  FL_HD void finish(std::size_t channel, const Sums<1>& total) const {
    bias_gradient[channel] = static_cast<float>(total.values[0]);
  }
};

// Mean and (biased) variance of a batch.
struct NormStatistics {
  static constexpr int kSums = 2;
  const float* input;
  float *mean, *variance;
  ChannelIndex index;
  double count;
  FL_HD Sums<2> term(std::size_t channel, std::size_t k) const {
    const auto x = static_cast<double>(input[index(channel, k)]);
    return {{x, x * x}};
  }
  FL_HD void finish(std::size_t channel, const Sums<2>& total) const {
    const double centre = total.values[0] / count;
    const double spread = total.values[1] / count - centre * centre;
    mean[channel] = static_cast<float>(centre);
    // Rounding may leave a constant channel a little below zero; NaN stays NaN.
    variance[channel] = spread < 0 ? 0.0f : static_cast<float>(spread);
  }
};

// Undoes the activation behind a batch norm, in place, and forms the gradients of its scale and shift.
struct NormSums {
  static constexpr int kSums = 2;
  const float *input, *output;
  float* above;
  NormParameters norm;
  float *scale_gradient, *shift_gradient;
  ChannelIndex index;
  Activation activation;
  FL_HD Sums<2> term(std::size_t channel, std::size_t k) const {
    const std::size_t i = index(channel, k);
    float gradient = above[i];
    if (activation != Activation::kNone) above[i] = gradient = undo_activation(activation, output[i], gradient);
    const auto wide = static_cast<double>(gradient);
    return {{wide * static_cast<double>(norm.normalised(input[i], channel)), wide}};
  }
  FL_HD void finish(std::size_t channel, const Sums<2>& total) const {
    scale_gradient[channel] = static_cast<float>(total.values[0]);
    shift_gradient[channel] = static_cast<float>(total.values[1]);
  }
};

}  // namespace fl::kernels
