#pragma once
// Where a network looks (Grad-CAM: Selvaraju et al. 2017, arXiv:1610.02391): how much each place of the last
// maps, of the network or of the frozen backbone below it, speaks for a class. A channel counts for the mean
// of the gradient of the class's logit by its values; the weighted sum of the channels is the heat, without
// what speaks against the class, over its own maximum. So it says where, never how much.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "trainer/subjects/training.h"

namespace fl {

// Of maps and their gradient, both of `shape`: [y][x] in [0, 1], the largest 1; all 0 where nothing speaks
// for the class, or where the values are not numbers.
[[nodiscard]] std::vector<float> grad_cam(std::span<const float> maps, std::span<const float> gradient,
                                          const TensorShape& shape);

class HeatSource {
 public:
  // `training` must outlive this.
  explicit HeatSource(Training& training);
  HeatSource(const HeatSource&) = delete;
  HeatSource& operator=(const HeatSource&) = delete;

  // Of the maps; nothing where there are none to look at.
  [[nodiscard]] const std::optional<TensorShape>& shape() const { return shape_; }

  struct Heat {
    std::vector<float> values{};  // [y][x] of shape()
    std::int32_t of = -1;         // the class
  };
  // For an image of the program, of the data set or a guest, with the weights of the moment. `version`:
  // another one where an image of the same index is another. `pixels`: its own, where the training has an
  // embedder. `of`: the class; -1: the most probable. What is asked for again is not computed again; with an
  // embedder, nor is what differs by less than a hundredth: the way back through a backbone takes as long as
  // its way up. Precondition: there is a shape.
  const Heat& look(std::int32_t image, std::uint64_t version, std::span<const float> pixels, std::int32_t of);

 private:
  // How these logits, weighed, hang on what the embedder gives.
  [[nodiscard]] std::vector<float> gradient_of_head(std::int32_t image, std::span<const float> logits) const;

  Training& training_;
  FeatureSource& network_;
  std::optional<int> layer_;  // of the network's maps; none: they are the embedder's
  std::optional<TensorShape> shape_;
  Heat heat_;
  // What it is of.
  struct Asked {
    std::int32_t image = -1, of = -1;
    std::uint64_t version = 0, generation = 0;
    std::int64_t step = -1;
    bool operator==(const Asked&) const = default;
  } asked_;
  std::vector<float> head_gradient_;  // with an embedder
};

}  // namespace fl
