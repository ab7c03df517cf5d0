#pragma once
// The whole network in plain loops, in double: what backends are compared with. It is itself checked against
// finite differences. Written for clarity; slow on purpose. Batch norms use the batch's statistics; dropout
// multiplies by masks that are given.

#include <cstddef>
#include <map>
#include <span>
#include <vector>

#include "trainer/net/param_layout.h"

namespace fl::test {

class ReferenceNet {
 public:
  explicit ReferenceNet(const NetSpec& spec)
      : spec_(spec), layout_(ParamLayout::of(spec)), shapes_(layer_shapes(spec).value()) {}

  [[nodiscard]] const ParamLayout& layout() const { return layout_; }
  // Multipliers of a dropout layer's values, [image][channel][y][x]; without one it is the identity.
  void set_mask(int layer, std::vector<double> mask) { masks_[layer] = std::move(mask); }

  // Running statistics for the batch norms of forward passes to use; empty: the batch's own.
  void set_statistics(std::vector<double> statistics) { statistics_ = std::move(statistics); }
  // What the loss of a class counts for; empty: 1.
  void set_class_weights(std::vector<double> weights) { class_weights_ = std::move(weights); }

  // Mean loss over `images` (planar, one after the other); fills `gradients` (arena layout) when not empty.
  double loss(std::span<const double> params, std::span<const double> images, std::span<const int> labels,
              std::span<double> gradients = {});
  // The same of a network with several outputs, towards these targets, [image][classes].
  double target_loss(std::span<const double> params, std::span<const double> images,
                     std::span<const double> targets, std::span<double> gradients = {});
  // Outputs of every layer, [image][channel][y][x].
  const std::vector<std::vector<double>>& forward(std::span<const double> params,
                                                  std::span<const double> images);

  // The same from layer `layer` on, NetSpec::kImage: the image, which gives `values`; what does not hang on
  // it stays that of the last forward().
  const std::vector<std::vector<double>>& forward_from(int layer, std::span<const double> values,
                                                       std::span<const double> params);

 private:
  static std::size_t at(int index) { return static_cast<std::size_t>(index); }
  [[nodiscard]] TensorShape shape(int l) const { return l == NetSpec::kImage ? spec_.input : shapes_[at(l)]; }
  [[nodiscard]] const std::vector<double>& value(int l) const {
    return l == NetSpec::kImage ? input_ : values_[at(l)];
  }
  static std::size_t pixel(TensorShape s, std::size_t image, int c, int y, int x) {
    return image * s.floats() + static_cast<std::size_t>((c * s.height + y) * s.width + x);
  }
  // The tensor's place in its arena; an empty one for layers without bias.
  [[nodiscard]] const ParamTensor* find(int l, const char* suffix) const {
    return layout_.find(spec_.layers[at(l)].name + suffix);
  }

  // One layer: forward into values_[l] when `above` is null, else backward: above[l] -> above[sources].
  void visit(int l, std::span<const double> params, std::vector<std::vector<double>>* above,
             std::span<double> gradients);
  // `above`: d(loss)/d(output) of every layer, 0 where the loss does not read it.
  void backward(std::span<const double> params, std::vector<std::vector<double>> above,
                std::span<double> gradients);
  [[nodiscard]] std::vector<std::vector<double>> no_gradients() const;

  NetSpec spec_;
  ParamLayout layout_;
  std::vector<TensorShape> shapes_;
  std::size_t batch_ = 0;
  std::vector<double> input_;
  std::vector<std::vector<double>> values_;
  std::map<int, std::vector<double>> masks_;
  std::vector<double> class_weights_, statistics_;
};

}  // namespace fl::test
