#pragma once
// The whole network in plain loops, in any precision: what backends are compared with. In double it is
// itself checked against finite differences. Written for clarity; slow on purpose.

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

#include "trainer/backend/kernels/softmax_kernels.h"
#include "trainer/base/check.h"
#include "trainer/net/param_layout.h"

namespace fl::test {

template <typename T>
class ReferenceNet {
 public:
  explicit ReferenceNet(const NetSpec& spec)
      : spec_(spec), layout_(ParamLayout::of(spec)), shapes_(layer_shapes(spec).value()) {}

  [[nodiscard]] const ParamLayout& layout() const { return layout_; }

  // Mean loss over `images` (planar, one after the other); fills `gradients` (arena layout) when not empty.
  T loss(std::span<const T> params, std::span<const T> images, std::span<const int> labels,
         std::span<T> gradients = {}) {
    std::ranges::fill(gradients, T(0));
    T total = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
      forward(params, images.subspan(i * spec_.input.floats(), spec_.input.floats()));
      std::vector<T> row(static_cast<std::size_t>(spec_.classes));
      total +=
          kernels::softmax_cross_entropy(values_.back().data(), labels[i], spec_.classes, row.data()).loss;
      if (gradients.empty()) continue;
      for (std::size_t c = 0; c < row.size(); ++c)
        row[c] = kernels::cross_entropy_gradient(row[c], static_cast<int>(c) == labels[i],
                                                 T(1) / static_cast<T>(labels.size()));
      backward(params, row, gradients);
    }
    return total / static_cast<T>(labels.size());
  }

  // Outputs of every layer for one image.
  const std::vector<std::vector<T>>& forward(std::span<const T> params, std::span<const T> image) {
    input_.assign(image.begin(), image.end());
    values_.assign(spec_.layers.size(), {});
    for (std::size_t l = 0; l < spec_.layers.size(); ++l) {
      values_[l].assign(shapes_[l].floats(), T(0));
      apply(l, params);
    }
    return values_;
  }

 private:
  [[nodiscard]] int source(std::size_t l) const {
    return spec_.layers[l].input >= 0 ? spec_.layers[l].input : static_cast<int>(l) - 1;
  }
  [[nodiscard]] TensorShape in_shape(std::size_t l) const {
    return source(l) < 0 ? spec_.input : shapes_[static_cast<std::size_t>(source(l))];
  }
  [[nodiscard]] const std::vector<T>& in_value(std::size_t l) const {
    return source(l) < 0 ? input_ : values_[static_cast<std::size_t>(source(l))];
  }
  static std::size_t at(TensorShape s, int c, int y, int x) {
    return static_cast<std::size_t>((c * s.height + y) * s.width + x);
  }
  // Calls visit(out channel, in channel, y, x, iy, ix, ky, kx) for every product of a sliding window.
  template <typename Visit>
  void window(const LayerSpec& layer, TensorShape in, TensorShape out, Visit visit) const {
    for (int y = 0; y < out.height; ++y)
      for (int x = 0; x < out.width; ++x)
        for (int ky = 0; ky < layer.kernel; ++ky)
          for (int kx = 0; kx < layer.kernel; ++kx) {
            const int iy = y * layer.stride + ky - layer.padding;
            const int ix = x * layer.stride + kx - layer.padding;
            if (iy >= 0 && iy < in.height && ix >= 0 && ix < in.width) visit(y, x, iy, ix, ky, kx);
          }
  }
  std::size_t param(const LayerSpec& layer, const char* suffix) const {
    const ParamTensor* tensor = layout_.find(layer.name + suffix);
    FL_CHECK(tensor != nullptr);
    return tensor->offset;
  }

  void apply(std::size_t l, std::span<const T> params) {
    const LayerSpec& layer = spec_.layers[l];
    const TensorShape in = in_shape(l), out = shapes_[l];
    const std::vector<T>& x_in = in_value(l);
    std::vector<T>& y_out = values_[l];
    switch (layer.kind) {
      case LayerKind::kConvolution: {
        const std::size_t w = param(layer, ".weight"), bias = param(layer, ".bias");
        for (int o = 0; o < out.channels; ++o) {
          for (int p = 0; p < out.height * out.width; ++p)
            y_out[at(out, o, 0, p)] = params[bias + static_cast<std::size_t>(o)];
          for (int i = 0; i < in.channels; ++i)
            window(layer, in, out, [&](int y, int x, int iy, int ix, int ky, int kx) {
              y_out[at(out, o, y, x)] +=
                  params[w + weight_index(layer, in, o, i, ky, kx)] * x_in[at(in, i, iy, ix)];
            });
        }
        break;
      }
      case LayerKind::kDense: {
        const std::size_t w = param(layer, ".weight"), bias = param(layer, ".bias");
        for (std::size_t o = 0; o < y_out.size(); ++o) {
          y_out[o] = params[bias + o];
          for (std::size_t i = 0; i < x_in.size(); ++i) y_out[o] += params[w + o * x_in.size() + i] * x_in[i];
        }
        break;
      }
      case LayerKind::kRelu:
        for (std::size_t i = 0; i < y_out.size(); ++i) y_out[i] = std::max(x_in[i], T(0));
        break;
      case LayerKind::kMaxPool:
        for (int c = 0; c < out.channels; ++c) {
          std::vector<bool> seen(out.floats());
          window(layer, in, out, [&](int y, int x, int iy, int ix, int, int) {
            const std::size_t o = at(out, c, y, x);
            const T value = x_in[at(in, c, iy, ix)];
            y_out[o] = seen[o] ? std::max(y_out[o], value) : value;
            seen[o] = true;
          });
        }
        break;
      case LayerKind::kGlobalAveragePool:
        for (int c = 0; c < in.channels; ++c)
          for (int p = 0; p < in.height * in.width; ++p)
            y_out[static_cast<std::size_t>(c)] +=
                x_in[at(in, c, 0, p)] / static_cast<T>(in.height * in.width);
        break;
    }
  }

  static std::size_t weight_index(const LayerSpec& layer, TensorShape in, int o, int i, int ky, int kx) {
    return static_cast<std::size_t>(((o * in.channels + i) * layer.kernel + ky) * layer.kernel + kx);
  }

  void backward(std::span<const T> params, const std::vector<T>& logit_gradient, std::span<T> gradients) {
    std::vector<std::vector<T>> above(values_.size());
    for (std::size_t l = 0; l < values_.size(); ++l) above[l].assign(values_[l].size(), T(0));
    above.back() = logit_gradient;
    std::vector<T> ignored(input_.size());
    for (std::size_t l = values_.size(); l-- > 0;) {
      const LayerSpec& layer = spec_.layers[l];
      const TensorShape in = in_shape(l), out = shapes_[l];
      const std::vector<T>& x_in = in_value(l);
      const std::vector<T>& g = above[l];
      std::vector<T>& below = source(l) < 0 ? ignored : above[static_cast<std::size_t>(source(l))];
      switch (layer.kind) {
        case LayerKind::kConvolution: {
          const std::size_t w = param(layer, ".weight"), bias = param(layer, ".bias");
          for (int o = 0; o < out.channels; ++o) {
            for (int p = 0; p < out.height * out.width; ++p)
              gradients[bias + static_cast<std::size_t>(o)] += g[at(out, o, 0, p)];
            for (int i = 0; i < in.channels; ++i)
              window(layer, in, out, [&](int y, int x, int iy, int ix, int ky, int kx) {
                const std::size_t k = w + weight_index(layer, in, o, i, ky, kx);
                gradients[k] += g[at(out, o, y, x)] * x_in[at(in, i, iy, ix)];
                below[at(in, i, iy, ix)] += g[at(out, o, y, x)] * params[k];
              });
          }
          break;
        }
        case LayerKind::kDense: {
          const std::size_t w = param(layer, ".weight"), bias = param(layer, ".bias");
          for (std::size_t o = 0; o < g.size(); ++o) {
            gradients[bias + o] += g[o];
            for (std::size_t i = 0; i < x_in.size(); ++i) {
              gradients[w + o * x_in.size() + i] += g[o] * x_in[i];
              below[i] += g[o] * params[w + o * x_in.size() + i];
            }
          }
          break;
        }
        case LayerKind::kRelu:
          for (std::size_t i = 0; i < g.size(); ++i) below[i] += x_in[i] > T(0) ? g[i] : T(0);
          break;
        case LayerKind::kMaxPool:
          for (int c = 0; c < out.channels; ++c) {
            std::vector<bool> given(out.floats());  // a tie goes to the first, as in the backends
            window(layer, in, out, [&](int y, int x, int iy, int ix, int, int) {
              const std::size_t o = at(out, c, y, x);
              if (given[o] || x_in[at(in, c, iy, ix)] != values_[l][o]) return;
              below[at(in, c, iy, ix)] += g[o];
              given[o] = true;
            });
          }
          break;
        case LayerKind::kGlobalAveragePool:
          for (int c = 0; c < in.channels; ++c)
            for (int p = 0; p < in.height * in.width; ++p)
              below[at(in, c, 0, p)] += g[static_cast<std::size_t>(c)] / static_cast<T>(in.height * in.width);
          break;
      }
    }
  }

  NetSpec spec_;
  ParamLayout layout_;
  std::vector<TensorShape> shapes_;
  std::vector<T> input_;
  std::vector<std::vector<T>> values_;
};

}  // namespace fl::test
