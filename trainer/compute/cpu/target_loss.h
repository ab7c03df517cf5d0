#pragma once
// The loss of a network with several outputs, each with a loss of its own, towards given numbers.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "trainer/net/net_spec.h"

namespace fl {

class TargetLoss {
 public:
  // Precondition: layer_shapes(spec) has no error.
  explicit TargetLoss(const NetSpec& spec);

  // Whether the network has such outputs; without, nothing else is called.
  [[nodiscard]] bool used() const { return !outputs_.empty(); }
  // [image][NetSpec::classes]; empty: none.
  void set(std::vector<float> targets) { targets_ = std::move(targets); }
  [[nodiscard]] std::size_t floats() const { return targets_.size(); }

  // The loss of an image of these logits; `probabilities`, which may be `logits`, gets what they say.
  double weigh(std::int32_t image, const float* logits, float* probabilities) const;
  // The same, and d(loss)/d(logits) times `part`.
  double differentiate(std::int32_t image, const float* logits, float part, float* gradients) const;

 private:
  struct Output {
    OutputSpec spec;
    std::size_t begin, channels, pixels;  // in a row of logits
    [[nodiscard]] std::size_t floats() const { return channels * pixels; }
    // What its loss is the mean of.
    [[nodiscard]] std::size_t averaged() const { return spec.loss == LossKind::kSigmoid ? floats() : pixels; }
  };
  [[nodiscard]] const float* targets_of(std::int32_t image) const {
    return targets_.data() + static_cast<std::size_t>(image) * row_;
  }

  std::size_t row_;
  std::vector<Output> outputs_;
  std::vector<float> targets_;
};

}  // namespace fl
