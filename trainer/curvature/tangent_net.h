#pragma once
// A network with its tangent: every value goes with its derivative along a direction in the space of weights.
// Taken along on the way back as well, that gives the product of the Hessian of the loss with the direction,
// exactly and for three times the price of a gradient (Pearlmutter 1994). What is not smooth, a ReLU or a
// largest value of a window, is taken as the linear piece that it is at these weights.
//
// In evaluation mode, but for batch norms, which take their statistics from the images at hand unless they
// are frozen: the loss that one step of gradient descent over all these images goes down.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/curvature/products.h"
#include "trainer/net/param_layout.h"

namespace fl {

// Error: a network with a layer, or a loss, that has no way here, in one sentence.
Result<void> check_tangents(const NetSpec& spec);

template <typename T>
class TangentNet {
 public:
  // Precondition: check_tangents(spec) has no error.
  TangentNet(const NetSpec& spec, Multiply<T> multiply);

  [[nodiscard]] const ParamLayout& layout() const { return layout_; }
  // Whether images see each other, so that all of a loss go into one call.
  [[nodiscard]] bool images_together() const;

  // Images of a loss, [image][input]; each counts `share` of it. Returns their part of the loss and adds to
  // that of the gradient and of the Hessian's product with `direction`, all of them layout().floats long.
  // `params`: layout().all_floats; `statistics`: layout().statistic_floats, for norms that are frozen.
  double add(std::span<const T> params, std::span<const T> statistics, std::span<const T> direction,
             std::span<const T> images, std::span<const std::int32_t> labels, T share, std::span<T> gradient,
             std::span<T> product);

 private:
  using Values = std::vector<T>;
  // A value and its tangent.
  struct Pair {
    Values value, tangent;
    void assign(std::size_t count) {
      value.assign(count, T(0));
      tangent.assign(count, T(0));
    }
  };
  // A batch norm's, with their tangents; `inverse` is 1 / sqrt(variance + epsilon).
  struct NormChannel {
    T mean = 0, mean_tangent = 0, inverse = 0, inverse_tangent = 0;
  };
  struct Node {
    Pair out, above;                  // what it gives, and d(loss)/d(that)
    std::vector<std::uint32_t> from;  // max pooling: of each output, which of the image's inputs it is
    std::vector<NormChannel> norms;   // batch norm
  };
  // A parameter tensor, its tangent (null: it is frozen) and where its gradient and product are summed.
  struct Tensor {
    const T *value = nullptr, *tangent = nullptr;
    T *gradient = nullptr, *product = nullptr;
  };
  struct Pass {
    std::span<const T> params, statistics, direction;
    std::span<T> gradient, product;
  };

  static std::size_t at(int index) { return static_cast<std::size_t>(index); }
  [[nodiscard]] const LayerSpec& layer(int l) const { return spec_.layers[at(l)]; }
  [[nodiscard]] TensorShape shape(int l) const { return l == NetSpec::kImage ? spec_.input : shapes_[at(l)]; }
  [[nodiscard]] const Pair& value(int l) const { return l == NetSpec::kImage ? input_ : nodes_[at(l)].out; }
  [[nodiscard]] int source(int l) const { return spec_.sources(l).front(); }
  // Where the gradient of what layer `l` gives is summed; null for the image.
  [[nodiscard]] Pair* above(int l) { return l == NetSpec::kImage ? nullptr : &nodes_[at(l)].above; }
  [[nodiscard]] Tensor tensor(int l, const char* suffix, const Pass& pass) const;

  void forward(int l, const Pass& pass);
  void backward(int l, const Pass& pass);
  double lose(std::span<const std::int32_t> labels, T share);

  void convolve(int l, const Pass& pass);
  void convolve_back(int l, const Pass& pass);
  void dense(int l, const Pass& pass);
  void dense_back(int l, const Pass& pass);
  void norm(int l, const Pass& pass);
  void norm_back(int l, const Pass& pass);
  void pool(int l);
  void pool_back(int l);
  // f(i) of each value of channel `c` of what layer `l` gives.
  template <typename F>
  void each_of_channel(int l, std::size_t c, F f) const;
  [[nodiscard]] NormChannel measure(int l, std::size_t c) const;
  // f(output, input) for every pixel of every window of one plane, numbered row by row.
  template <typename F>
  void each_in_windows(int l, F f) const;
  // The windows of one image of layer `l`'s input as columns, [channel][ky][kx][y][x], and back again: sums.
  void columns(int l, const T* image, Values& out) const;
  void add_columns(int l, const Values& columns, T* image) const;

  NetSpec spec_;
  ParamLayout layout_;
  std::vector<TensorShape> shapes_;
  Multiply<T> multiply_;
  std::size_t batch_ = 0;
  Pair input_;
  std::vector<Node> nodes_;
  Values columns_, tangent_columns_, below_columns_;
};

extern template class TangentNet<float>;
extern template class TangentNet<double>;

}  // namespace fl
