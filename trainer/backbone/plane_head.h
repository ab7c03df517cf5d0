#pragma once
// A head of dense layers in the plane of two principal components: what it says at a point there, and how
// that changes along the plane. Its first layer is projected once for new weights, so that a point costs as
// little as a head with two inputs does. In double.
//
// Logits are given without their mean over the classes, which softmax does not see. Of two classes one's
// direction is then the other's, reversed.

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "trainer/backbone/principal_plane.h"
#include "trainer/net/net_spec.h"

namespace fl {

class PlaneHead {
 public:
  using Point = std::array<double, 2>;

  // Of a head as dense_head() makes it: dense layers one behind the other, with ReLU or dropout between.
  // Nothing for other networks.
  static std::optional<PlaneHead> of(const NetSpec& head);
  // The plane, of its inputs; before the weights.
  void lay(PrincipalPlane plane);

  // `params`: as ParamLayout of the head has them.
  void set_weights(std::span<const float> params);

  [[nodiscard]] std::size_t classes() const { return static_cast<std::size_t>(layers_.back().outputs); }
  // About how many products a point costs.
  [[nodiscard]] std::size_t cost() const;
  // The logits at a point, without their mean: [class].
  void logits(Point at, std::span<double> out);
  // And their gradients along the two axes.
  void slopes(Point at, std::span<Point> out);

 private:
  struct Layer {
    std::size_t outputs = 0, inputs = 0;
    std::size_t weights = 0;  // where the parameters have them
    std::optional<std::size_t> biases{};
    bool relu = false;  // behind it
    // [output][input]; the first layer's inputs are 1, x and y, and its bias is in there.
    std::vector<double> matrix{}, bias{};
  };
  // values_, and with `gradients` changes_, of the last layer.
  void run(Point at, bool gradients);

  PrincipalPlane plane_;
  std::vector<Layer> layers_;
  std::vector<double> values_, next_values_;  // kept for their memory
  std::vector<Point> changes_, next_changes_;
};

// The mean of the head's slopes over these points, [class]: where the head's units switch, a single point's
// slope jumps; their mean moves gently while the head learns.
std::vector<PlaneHead::Point> mean_slopes(PlaneHead& head, std::span<const PlaneHead::Point> points);

}  // namespace fl
