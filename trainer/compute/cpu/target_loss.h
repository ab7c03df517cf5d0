#pragma once
// The loss of a network with several outputs, each with a loss of its own, towards given numbers.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "trainer/compute/output_parts.h"

namespace fl {

class TargetLoss {
 public:
  // Precondition: layer_shapes(spec) has no error.
  explicit TargetLoss(const NetSpec& spec)
      : row_(static_cast<std::size_t>(spec.classes)), parts_(output_parts(spec)) {}

  // Whether the network has such outputs; without, nothing else is called.
  [[nodiscard]] bool used() const { return !parts_.empty(); }
  // [image][NetSpec::classes]; empty: none.
  void set(std::vector<float> targets) { targets_ = std::move(targets); }
  [[nodiscard]] std::size_t floats() const { return targets_.size(); }

  // The loss of an image of these logits; `probabilities`, which may be `logits`, gets what they say.
  double weigh(std::int32_t image, const float* logits, float* probabilities) const {
    return static_cast<double>(kernels::weigh_targets(table(), logits, targets_of(image), probabilities));
  }
  // The same, and d(loss)/d(logits) times `part`.
  double differentiate(std::int32_t image, const float* logits, float part, float* gradients) const {
    const double loss = weigh(image, logits, gradients);
    kernels::differentiate_targets(table(), targets_of(image), part, gradients);
    return loss;
  }

 private:
  [[nodiscard]] kernels::TargetTable table() const { return {parts_.data(), parts_.size(), targets_.data()}; }
  [[nodiscard]] const float* targets_of(std::int32_t image) const {
    return targets_.data() + static_cast<std::size_t>(image) * row_;
  }

  std::size_t row_;
  std::vector<kernels::OutputPart> parts_;
  std::vector<float> targets_;
};

}  // namespace fl
