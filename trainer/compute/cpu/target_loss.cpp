#include "trainer/compute/cpu/target_loss.h"

#include "trainer/compute/kernels/target_kernels.h"

namespace fl {

TargetLoss::TargetLoss(const NetSpec& spec) : row_(static_cast<std::size_t>(spec.classes)) {
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  std::size_t begin = 0;
  for (const OutputSpec& output : spec.outputs) {
    const TensorShape shape = shapes[static_cast<std::size_t>(output.layer)];
    const auto channels = static_cast<std::size_t>(shape.channels);
    outputs_.push_back({output, begin, channels, shape.floats() / channels});
    begin += shape.floats();
  }
}

double TargetLoss::weigh(std::int32_t image, const float* logits, float* probabilities) const {
  const float* targets = targets_of(image);
  double loss = 0;
  for (const Output& output : outputs_) {
    const float *own = logits + output.begin, *wanted = targets + output.begin;
    float* to = probabilities + output.begin;
    const float mean = output.spec.loss == LossKind::kSigmoid
                           ? kernels::sigmoid_loss(own, wanted, output.floats(), to)
                           : kernels::softmax_loss(own, wanted, output.channels, output.pixels, to);
    loss += output.spec.weight * static_cast<double>(mean);
  }
  return loss;
}

double TargetLoss::differentiate(std::int32_t image, const float* logits, float part,
                                 float* gradients) const {
  const double loss = weigh(image, logits, gradients);
  const float* targets = targets_of(image);
  for (const Output& output : outputs_) {
    const float scale = static_cast<float>(output.spec.weight) * part / static_cast<float>(output.averaged());
    for (std::size_t i = output.begin; i < output.begin + output.floats(); ++i)
      gradients[i] = kernels::target_gradient(gradients[i], targets[i], scale);
  }
  return loss;
}

}  // namespace fl
