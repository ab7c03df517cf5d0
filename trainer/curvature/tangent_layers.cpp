// Convolutions, batch norms and poolings with their tangents.
#include <algorithm>
#include <cmath>

#include "trainer/curvature/tangent_net.h"

namespace fl {

template <typename T>
void TangentNet<T>::columns(int l, const T* image, Values& out) const {
  const LayerSpec& spec = layer(l);
  const TensorShape from = shape(source(l)), to = shape(l);
  const std::size_t pixels = at(to.height) * at(to.width);
  out.assign(at(from.channels * spec.kernel * spec.kernel) * pixels, T(0));
  T* row = out.data();
  for (int c = 0; c < from.channels; ++c)
    for (int ky = 0; ky < spec.kernel; ++ky)
      for (int kx = 0; kx < spec.kernel; ++kx, row += pixels)
        for (int y = 0; y < to.height; ++y) {
          const int iy = y * spec.stride + ky - spec.padding;
          if (iy < 0 || iy >= from.height) continue;
          const T* line = image + at((c * from.height + iy) * from.width);
          for (int x = 0; x < to.width; ++x) {
            const int ix = x * spec.stride + kx - spec.padding;
            if (ix >= 0 && ix < from.width) row[at(y * to.width + x)] = line[ix];
          }
        }
}

template <typename T>
void TangentNet<T>::add_columns(int l, const Values& columns, T* image) const {
  const LayerSpec& spec = layer(l);
  const TensorShape from = shape(source(l)), to = shape(l);
  const std::size_t pixels = at(to.height) * at(to.width);
  const T* row = columns.data();
  for (int c = 0; c < from.channels; ++c)
    for (int ky = 0; ky < spec.kernel; ++ky)
      for (int kx = 0; kx < spec.kernel; ++kx, row += pixels)
        for (int y = 0; y < to.height; ++y) {
          const int iy = y * spec.stride + ky - spec.padding;
          if (iy < 0 || iy >= from.height) continue;
          T* line = image + at((c * from.height + iy) * from.width);
          for (int x = 0; x < to.width; ++x) {
            const int ix = x * spec.stride + kx - spec.padding;
            if (ix >= 0 && ix < from.width) line[ix] += row[at(y * to.width + x)];
          }
        }
}

template <typename T>
void TangentNet<T>::convolve(int l, const Pass& pass) {
  const Pair& in = value(source(l));
  Pair& out = nodes_[at(l)].out;
  const std::size_t inputs = shape(source(l)).floats(), outputs = shape(l).floats();
  const std::size_t channels = at(shape(l).channels), pixels = outputs / channels;
  const Tensor weight = tensor(l, ".weight", pass), bias = tensor(l, ".bias", pass);
  for (std::size_t n = 0; n < batch_; ++n) {
    T *y = out.value.data() + n * outputs, *y_tangent = out.tangent.data() + n * outputs;
    for (std::size_t c = 0; bias.value != nullptr && c < channels; ++c) {
      std::fill_n(y + c * pixels, pixels, bias.value[c]);
      if (bias.tangent != nullptr) std::fill_n(y_tangent + c * pixels, pixels, bias.tangent[c]);
    }
    columns(l, in.value.data() + n * inputs, columns_);
    const ProductShape product{.rows = channels, .columns = pixels, .inner = columns_.size() / pixels};
    multiply_(product, weight.value, columns_.data(), y);
    if (weight.tangent != nullptr) multiply_(product, weight.tangent, columns_.data(), y_tangent);
    if (source(l) == NetSpec::kImage) continue;
    columns(l, in.tangent.data() + n * inputs, columns_);
    multiply_(product, weight.value, columns_.data(), y_tangent);
  }
}

template <typename T>
void TangentNet<T>::convolve_back(int l, const Pass& pass) {
  const Pair &in = value(source(l)), &self = nodes_[at(l)].above;
  Pair* below = above(source(l));
  const std::size_t inputs = shape(source(l)).floats(), outputs = shape(l).floats();
  const std::size_t channels = at(shape(l).channels), pixels = outputs / channels;
  const Tensor weight = tensor(l, ".weight", pass), bias = tensor(l, ".bias", pass);
  for (std::size_t n = 0; n < batch_; ++n) {
    const T *g = self.value.data() + n * outputs, *g_tangent = self.tangent.data() + n * outputs;
    for (std::size_t i = 0; bias.gradient != nullptr && i < outputs; ++i) {
      bias.gradient[i / pixels] += g[i];
      bias.product[i / pixels] += g_tangent[i];
    }
    columns(l, in.value.data() + n * inputs, columns_);
    const std::size_t inner = columns_.size() / pixels;
    if (weight.gradient != nullptr) {
      const ProductShape product{.rows = channels, .columns = inner, .inner = pixels, .transposed_b = true};
      multiply_(product, g, columns_.data(), weight.gradient);
      multiply_(product, g_tangent, columns_.data(), weight.product);
      if (below != nullptr) {
        columns(l, in.tangent.data() + n * inputs, columns_);
        multiply_(product, g, columns_.data(), weight.product);
      }
    }
    if (below == nullptr) continue;
    const ProductShape product{.rows = inner, .columns = pixels, .inner = channels, .transposed_a = true};
    columns_.assign(inner * pixels, T(0));
    multiply_(product, weight.value, g, columns_.data());
    add_columns(l, columns_, below->value.data() + n * inputs);
    columns_.assign(inner * pixels, T(0));
    multiply_(product, weight.value, g_tangent, columns_.data());
    if (weight.tangent != nullptr) multiply_(product, weight.tangent, g, columns_.data());
    add_columns(l, columns_, below->tangent.data() + n * inputs);
  }
}

template <typename T>
template <typename F>
void TangentNet<T>::each_of_channel(int l, std::size_t c, F f) const {
  const std::size_t floats = shape(l).floats(), pixels = floats / at(shape(l).channels);
  for (std::size_t n = 0; n < batch_; ++n)
    for (std::size_t p = 0; p < pixels; ++p) f(n * floats + c * pixels + p);
}

template <typename T>
typename TangentNet<T>::NormChannel TangentNet<T>::measure(int l, std::size_t c) const {
  const Pair& in = value(source(l));
  const T count = static_cast<T>(batch_ * shape(l).floats() / at(shape(l).channels));
  NormChannel norm;
  T variance = 0, variance_tangent = 0;
  each_of_channel(l, c, [&](std::size_t i) {
    norm.mean += in.value[i] / count;
    norm.mean_tangent += in.tangent[i] / count;
  });
  each_of_channel(l, c, [&](std::size_t i) {
    const T d = in.value[i] - norm.mean;
    variance += d * d / count;
    variance_tangent += 2 * d * (in.tangent[i] - norm.mean_tangent) / count;
  });
  norm.inverse = 1 / std::sqrt(variance + static_cast<T>(layer(l).epsilon));
  norm.inverse_tangent = -norm.inverse * norm.inverse * norm.inverse * variance_tangent / 2;
  return norm;
}

// y = scale h + shift, where h = (x - mean) inverse.
template <typename T>
void TangentNet<T>::norm(int l, const Pass& pass) {
  const Pair& in = value(source(l));
  Node& self = nodes_[at(l)];
  const Tensor scale = tensor(l, ".scale", pass), shift = tensor(l, ".shift", pass);
  const bool frozen = layer(l).frozen;
  self.norms.assign(at(shape(l).channels), {});
  for (std::size_t c = 0; c < self.norms.size(); ++c) {
    NormChannel& norm = self.norms[c];
    if (frozen) {
      norm.mean = pass.statistics[layout_.find(layer(l).name + ".mean")->offset + c];
      const T variance = pass.statistics[layout_.find(layer(l).name + ".variance")->offset + c];
      norm.inverse = 1 / std::sqrt(variance + static_cast<T>(layer(l).epsilon));
    } else {
      norm = measure(l, c);
    }
    const T scale_tangent = frozen ? T(0) : scale.tangent[c],
            shift_tangent = frozen ? T(0) : shift.tangent[c];
    each_of_channel(l, c, [&](std::size_t i) {
      const T d = in.value[i] - norm.mean, d_tangent = in.tangent[i] - norm.mean_tangent;
      const T h = d * norm.inverse, h_tangent = d_tangent * norm.inverse + d * norm.inverse_tangent;
      self.out.value[i] = scale.value[c] * h + shift.value[c];
      self.out.tangent[i] = scale_tangent * h + scale.value[c] * h_tangent + shift_tangent;
    });
  }
}

// With the means G of g and P of g h over the channel: below = scale inverse (g - G - h P).
template <typename T>
void TangentNet<T>::norm_back(int l, const Pass& pass) {
  const Pair &in = value(source(l)), &g = nodes_[at(l)].above;
  Pair* below = above(source(l));
  const Tensor scale = tensor(l, ".scale", pass), shift = tensor(l, ".shift", pass);
  const bool frozen = layer(l).frozen;
  const T count = static_cast<T>(batch_ * shape(l).floats() / at(shape(l).channels));
  for (std::size_t c = 0; c < nodes_[at(l)].norms.size(); ++c) {
    const NormChannel norm = nodes_[at(l)].norms[c];
    const auto h = [&](std::size_t i) { return (in.value[i] - norm.mean) * norm.inverse; };
    const auto h_tangent = [&](std::size_t i) {
      return (in.tangent[i] - norm.mean_tangent) * norm.inverse +
             (in.value[i] - norm.mean) * norm.inverse_tangent;
    };
    T sum = 0, sum_tangent = 0, product = 0, product_tangent = 0;
    if (!frozen) {
      each_of_channel(l, c, [&](std::size_t i) {
        sum += g.value[i];
        sum_tangent += g.tangent[i];
        product += g.value[i] * h(i);
        product_tangent += g.tangent[i] * h(i) + g.value[i] * h_tangent(i);
      });
      scale.gradient[c] += product;
      scale.product[c] += product_tangent;
      shift.gradient[c] += sum;
      shift.product[c] += sum_tangent;
    }
    if (below == nullptr) continue;
    sum /= count, sum_tangent /= count, product /= count, product_tangent /= count;
    const T factor = scale.value[c] * norm.inverse;
    const T factor_tangent =
        (frozen ? T(0) : scale.tangent[c]) * norm.inverse + scale.value[c] * norm.inverse_tangent;
    each_of_channel(l, c, [&](std::size_t i) {
      const T left = g.value[i] - sum - h(i) * product;
      const T left_tangent = g.tangent[i] - sum_tangent - h_tangent(i) * product - h(i) * product_tangent;
      below->value[i] += factor * left;
      below->tangent[i] += factor_tangent * left + factor * left_tangent;
    });
  }
}

template <typename T>
template <typename F>
void TangentNet<T>::each_in_windows(int l, F f) const {
  const LayerSpec& spec = layer(l);
  const TensorShape from = shape(source(l)), to = shape(l);
  const bool whole = spec.kind == LayerKind::kGlobalAveragePool;
  const int height = whole ? from.height : spec.kernel, width = whole ? from.width : spec.kernel;
  for (int y = 0; y < to.height; ++y)
    for (int x = 0; x < to.width; ++x)
      for (int ky = 0; ky < height; ++ky)
        for (int kx = 0; kx < width; ++kx) {
          const int iy = whole ? ky : y * spec.stride + ky - spec.padding;
          const int ix = whole ? kx : x * spec.stride + kx - spec.padding;
          if (iy >= 0 && iy < from.height && ix >= 0 && ix < from.width)
            f(at(y * to.width + x), at(iy * from.width + ix));
        }
}

template <typename T>
void TangentNet<T>::pool(int l) {
  const Pair& in = value(source(l));
  Node& self = nodes_[at(l)];
  const TensorShape from = shape(source(l)), to = shape(l);
  const std::size_t inputs = at(from.height) * at(from.width), outputs = at(to.height) * at(to.width);
  const std::size_t planes = batch_ * at(to.channels);
  if (layer(l).kind == LayerKind::kMaxPool) {
    constexpr auto kNone = static_cast<std::uint32_t>(-1);
    self.from.assign(planes * outputs, kNone);
    for (std::size_t plane = 0; plane < planes; ++plane)
      each_in_windows(l, [&](std::size_t o, std::size_t i) {
        std::uint32_t& chosen = self.from[plane * outputs + o];
        const std::size_t here = plane * inputs + i;
        if (chosen == kNone || in.value[here] > in.value[chosen]) chosen = static_cast<std::uint32_t>(here);
      });
    for (std::size_t o = 0; o < self.from.size(); ++o) {
      self.out.value[o] = in.value[self.from[o]];
      self.out.tangent[o] = in.tangent[self.from[o]];
    }
    return;
  }
  std::vector<T> seen(outputs);  // pixels of each window: those beyond the edge are not counted
  each_in_windows(l, [&](std::size_t o, std::size_t) { seen[o] += T(1); });
  for (std::size_t plane = 0; plane < planes; ++plane)
    each_in_windows(l, [&](std::size_t o, std::size_t i) {
      self.out.value[plane * outputs + o] += in.value[plane * inputs + i] / seen[o];
      self.out.tangent[plane * outputs + o] += in.tangent[plane * inputs + i] / seen[o];
    });
}

template <typename T>
void TangentNet<T>::pool_back(int l) {
  Pair* below = above(source(l));
  if (below == nullptr) return;
  const Node& self = nodes_[at(l)];
  if (layer(l).kind == LayerKind::kMaxPool) {
    for (std::size_t o = 0; o < self.from.size(); ++o) {
      below->value[self.from[o]] += self.above.value[o];
      below->tangent[self.from[o]] += self.above.tangent[o];
    }
    return;
  }
  const TensorShape from = shape(source(l)), to = shape(l);
  const std::size_t inputs = at(from.height) * at(from.width), outputs = at(to.height) * at(to.width);
  std::vector<T> seen(outputs);
  each_in_windows(l, [&](std::size_t o, std::size_t) { seen[o] += T(1); });
  for (std::size_t plane = 0; plane < batch_ * at(to.channels); ++plane)
    each_in_windows(l, [&](std::size_t o, std::size_t i) {
      below->value[plane * inputs + i] += self.above.value[plane * outputs + o] / seen[o];
      below->tangent[plane * inputs + i] += self.above.tangent[plane * outputs + o] / seen[o];
    });
}

template class TangentNet<float>;
template class TangentNet<double>;

}  // namespace fl
