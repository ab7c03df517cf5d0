#include "trainer/curvature/tangent_net.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/compute/kernels/softmax_kernels.h"
#include "trainer/net/layer_kinds.h"

namespace fl {
namespace {

bool has_tangent(LayerKind kind) {
  return kind != LayerKind::kDepthwise && kind != LayerKind::kPart;
}

}  // namespace

Result<void> check_tangents(const NetSpec& spec) {
  if (!spec.outputs.empty())
    return error(
        "The curvature of a network with several outputs is not known here; ask for that of a classifier.");
  for (const LayerSpec& layer : spec.layers)
    if (!has_tangent(layer.kind))
      return error("{} is of a kind whose curvature is not known here ({}); ask for a network without it.",
                   layer.called(), listed_kind(layer.kind).name);
  return {};
}

template <typename T>
TangentNet<T>::TangentNet(const NetSpec& spec, Multiply<T> multiply)
    : spec_(spec),
      layout_(ParamLayout::of(spec)),
      shapes_(layer_shapes(spec).value()),
      multiply_(multiply),
      nodes_(spec.layers.size()) {
  FL_CHECK(check_tangents(spec).ok());
}

template <typename T>
bool TangentNet<T>::images_together() const {
  return std::ranges::any_of(
      spec_.layers, [](const LayerSpec& each) { return each.kind == LayerKind::kBatchNorm && !each.frozen; });
}

template <typename T>
typename TangentNet<T>::Tensor TangentNet<T>::tensor(int l, const char* suffix, const Pass& pass) const {
  const ParamTensor* found = layout_.find(layer(l).name + suffix);
  if (found == nullptr) return {};
  Tensor result{.value = pass.params.data() + found->offset};
  if (found->frozen) return result;
  result.tangent = pass.direction.data() + found->offset;
  result.gradient = pass.gradient.data() + found->offset;
  result.product = pass.product.data() + found->offset;
  return result;
}

template <typename T>
double TangentNet<T>::add(std::span<const T> params, std::span<const T> statistics,
                          std::span<const T> direction, std::span<const T> images,
                          std::span<const std::int32_t> labels, T share, std::span<T> gradient,
                          std::span<T> product) {
  FL_CHECK(params.size() == layout_.all_floats && statistics.size() == layout_.statistic_floats);
  FL_CHECK(direction.size() == layout_.floats && gradient.size() == layout_.floats &&
           product.size() == layout_.floats && images.size() == labels.size() * spec_.input.floats());
  const Pass pass{params, statistics, direction, gradient, product};
  batch_ = labels.size();
  input_.value.assign(images.begin(), images.end());
  input_.tangent.assign(images.size(), T(0));
  const int layers = static_cast<int>(nodes_.size());
  for (int l = 0; l < layers; ++l) {
    nodes_[at(l)].out.assign(batch_ * shape(l).floats());
    nodes_[at(l)].above.assign(batch_ * shape(l).floats());
    forward(l, pass);
  }
  const double loss = lose(labels, share);
  for (int l = layers; l-- > 0;)
    if (layout_.differentiated[at(l)]) backward(l, pass);
  return loss;
}

template <typename T>
double TangentNet<T>::lose(std::span<const std::int32_t> labels, T share) {
  const auto classes = static_cast<std::size_t>(spec_.classes);
  Node& last = nodes_.back();
  double loss = 0;
  std::vector<T> says(classes);
  for (std::size_t n = 0; n < batch_; ++n) {
    const T* logits = last.out.value.data() + n * classes;
    const T* tangents = last.out.tangent.data() + n * classes;
    const auto found = kernels::softmax_cross_entropy(logits, labels[n], spec_.classes, says.data(),
                                                      static_cast<T>(spec_.clip));
    loss += static_cast<double>(found.loss) * static_cast<double>(share);
    T mean = 0;
    for (std::size_t c = 0; c < classes; ++c) mean += says[c] * tangents[c];
    const T scale = found.slope * share;
    for (std::size_t c = 0; c < classes; ++c) {
      const bool own = static_cast<std::int32_t>(c) == labels[n];
      last.above.value[n * classes + c] = kernels::cross_entropy_gradient(says[c], own, scale);
      last.above.tangent[n * classes + c] = scale * says[c] * (tangents[c] - mean);
    }
  }
  return loss;
}

template <typename T>
void TangentNet<T>::forward(int l, const Pass& pass) {
  const Pair& in = value(source(l));
  Pair& out = nodes_[at(l)].out;
  switch (layer(l).kind) {
    case LayerKind::kConvolution:
      return convolve(l, pass);
    case LayerKind::kDense:
      return dense(l, pass);
    case LayerKind::kBatchNorm:
      return norm(l, pass);
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
    case LayerKind::kGlobalAveragePool:
      return pool(l);
    case LayerKind::kRelu:
    case LayerKind::kRelu6: {
      const bool limited = layer(l).kind == LayerKind::kRelu6;
      for (std::size_t i = 0; i < out.value.size(); ++i) {
        const T x = in.value[i];
        const bool passes = x > T(0) && !(limited && x >= T(6));
        out.value[i] = passes ? x : x > T(0) ? T(6) : T(0);
        out.tangent[i] = passes ? in.tangent[i] : T(0);
      }
      return;
    }
    case LayerKind::kAdd: {
      const Pair& second = value(spec_.sources(l)[1]);
      for (std::size_t i = 0; i < out.value.size(); ++i) {
        out.value[i] = in.value[i] + second.value[i];
        out.tangent[i] = in.tangent[i] + second.tangent[i];
      }
      return;
    }
    case LayerKind::kDropout:
      out = in;
      return;
    case LayerKind::kDepthwise:
    case LayerKind::kPart:
      break;
  }
  FL_CHECK(false);
}

template <typename T>
void TangentNet<T>::backward(int l, const Pass& pass) {
  const Node& self = nodes_[at(l)];
  const Pair& in = value(source(l));
  Pair* below = above(source(l));
  const auto add_to = [](Pair* to, const Pair& from) {
    if (to == nullptr) return;
    for (std::size_t i = 0; i < from.value.size(); ++i) {
      to->value[i] += from.value[i];
      to->tangent[i] += from.tangent[i];
    }
  };
  switch (layer(l).kind) {
    case LayerKind::kConvolution:
      return convolve_back(l, pass);
    case LayerKind::kDense:
      return dense_back(l, pass);
    case LayerKind::kBatchNorm:
      return norm_back(l, pass);
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
    case LayerKind::kGlobalAveragePool:
      return pool_back(l);
    case LayerKind::kRelu:
    case LayerKind::kRelu6: {
      const bool limited = layer(l).kind == LayerKind::kRelu6;
      if (below == nullptr) return;
      for (std::size_t i = 0; i < in.value.size(); ++i) {
        if (!(in.value[i] > T(0)) || (limited && in.value[i] >= T(6))) continue;
        below->value[i] += self.above.value[i];
        below->tangent[i] += self.above.tangent[i];
      }
      return;
    }
    case LayerKind::kAdd:
      add_to(below, self.above);
      return add_to(above(spec_.sources(l)[1]), self.above);
    case LayerKind::kDropout:
      return add_to(below, self.above);
    case LayerKind::kDepthwise:
    case LayerKind::kPart:
      break;
  }
  FL_CHECK(false);
}

template <typename T>
void TangentNet<T>::dense(int l, const Pass& pass) {
  const Pair& in = value(source(l));
  Pair& out = nodes_[at(l)].out;
  const std::size_t inputs = shape(source(l)).floats(), outputs = shape(l).floats();
  const Tensor weight = tensor(l, ".weight", pass), bias = tensor(l, ".bias", pass);
  for (std::size_t n = 0; bias.value != nullptr && n < batch_; ++n) {
    std::copy_n(bias.value, outputs, out.value.begin() + static_cast<std::ptrdiff_t>(n * outputs));
    if (bias.tangent != nullptr)
      std::copy_n(bias.tangent, outputs, out.tangent.begin() + static_cast<std::ptrdiff_t>(n * outputs));
  }
  const ProductShape product{.rows = batch_, .columns = outputs, .inner = inputs, .transposed_b = true};
  multiply_(product, in.value.data(), weight.value, out.value.data());
  multiply_(product, in.tangent.data(), weight.value, out.tangent.data());
  if (weight.tangent != nullptr) multiply_(product, in.value.data(), weight.tangent, out.tangent.data());
}

template <typename T>
void TangentNet<T>::dense_back(int l, const Pass& pass) {
  const Pair &in = value(source(l)), &self = nodes_[at(l)].above;
  const std::size_t inputs = shape(source(l)).floats(), outputs = shape(l).floats();
  const Tensor weight = tensor(l, ".weight", pass), bias = tensor(l, ".bias", pass);
  if (weight.gradient != nullptr) {
    const ProductShape product{.rows = outputs, .columns = inputs, .inner = batch_, .transposed_a = true};
    multiply_(product, self.value.data(), in.value.data(), weight.gradient);
    multiply_(product, self.tangent.data(), in.value.data(), weight.product);
    multiply_(product, self.value.data(), in.tangent.data(), weight.product);
  }
  for (std::size_t i = 0; bias.gradient != nullptr && i < self.value.size(); ++i) {
    bias.gradient[i % outputs] += self.value[i];
    bias.product[i % outputs] += self.tangent[i];
  }
  Pair* below = above(source(l));
  if (below == nullptr) return;
  const ProductShape product{.rows = batch_, .columns = inputs, .inner = outputs};
  multiply_(product, self.value.data(), weight.value, below->value.data());
  multiply_(product, self.tangent.data(), weight.value, below->tangent.data());
  if (weight.tangent != nullptr) multiply_(product, self.value.data(), weight.tangent, below->tangent.data());
}

template class TangentNet<float>;
template class TangentNet<double>;

}  // namespace fl
