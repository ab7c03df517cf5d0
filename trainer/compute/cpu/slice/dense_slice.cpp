#include "trainer/compute/cpu/slice/dense_slice.h"

#include <algorithm>
#include <string>

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include "trainer/base/check.h"
#include "trainer/compute/kernels/arena_kernels.h"
#include "trainer/compute/kernels/softmax_kernels.h"

namespace fl {
namespace {

constexpr std::size_t kImagesAbreast = 32;  // images side by side
constexpr std::size_t kMostInGroup = 8;
constexpr std::size_t kGroupFloats = std::size_t{1} << 20;  // of their layers above the first
// Rows of a power of two would all want the same lines of a cache.
constexpr std::size_t kRowPadding = 16;
constexpr std::size_t kMostAtOnce = 32;
constexpr std::size_t kProductsAtOnce = 20'000;  // of an image
// Worth another thread: more than 20 ms of one.
constexpr std::size_t kMuch = 100'000'000, kMuchOfMatrices = 1'000'000'000;

std::size_t blocks_of(std::size_t images) {
  return (images + kImagesAbreast - 1) / kImagesAbreast;
}

}  // namespace

DenseSlice::DenseSlice(const NetSpec& spec, int threads)
    : spec_(&spec), threads_(static_cast<std::size_t>(threads)), workspaces_(threads_) {}

std::optional<DenseSlice> DenseSlice::of(const NetSpec& spec, const ParamLayout& layout, int threads) {
  DenseSlice slice(spec, threads);
  std::size_t inputs = spec.input.floats();
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const LayerSpec& layer = spec.layers[i];
    if (layer.frozen || spec.sources(static_cast<int>(i)).front() != static_cast<int>(i) - 1) return {};
    if (layer.kind == LayerKind::kDropout) continue;  // the identity here
    if (layer.kind == LayerKind::kRelu && !slice.layers_.empty()) {
      slice.layers_.back().relu = true;
      continue;
    }
    if (layer.kind != LayerKind::kDense) return {};
    const ParamTensor* weight = layout.find(layer.name + ".weight");
    const ParamTensor* bias = layout.find(layer.name + ".bias");
    FL_CHECK(weight != nullptr && weight->count % inputs == 0);
    slice.layers_.push_back({.inputs = inputs,
                             .outputs = weight->count / inputs,
                             .weight = weight->offset,
                             .bias = bias != nullptr ? bias->offset : 0,
                             .has_bias = bias != nullptr});
    inputs = slice.layers_.back().outputs;
    slice.widest_ = std::max(slice.widest_, inputs);
  }
  if (slice.layers_.empty()) return {};
  slice.upper_begin_ = layout.floats;
  for (std::size_t l = 1; l < slice.layers_.size(); ++l) {
    const Dense& dense = slice.layers_[l];
    slice.upper_begin_ =
        std::min({slice.upper_begin_, dense.weight, dense.has_bias ? dense.bias : dense.weight});
  }
  slice.upper_floats_ = layout.floats - slice.upper_begin_;
  slice.group_ =
      std::clamp<std::size_t>(kGroupFloats / std::max<std::size_t>(slice.upper_floats_, 1), 1, kMostInGroup);
  return slice;
}

std::size_t DenseSlice::products() const {
  std::size_t products = 3 * layers_.front().outputs;
  for (std::size_t l = 1; l < layers_.size(); ++l) products += layers_[l].inputs * layers_[l].outputs;
  return products;
}

std::size_t DenseSlice::points_at_once() const {
  return std::clamp<std::size_t>(kProductsAtOnce / products(), 1, kMostAtOnce);
}

void DenseSlice::set(std::span<const float> pixels, std::span<const std::int32_t> labels,
                     std::span<const std::int32_t> probe, std::span<const float> origin,
                     std::span<const float> d1, std::span<const float> d2) {
  const Dense& first = layers_.front();
  std::vector<float> images(probe.size() * first.inputs);
  labels_.resize(probe.size());
  for (std::size_t i = 0; i < probe.size(); ++i) {
    const auto image = static_cast<std::size_t>(probe[i]);
    std::ranges::copy(pixels.subspan(image * first.inputs, first.inputs),
                      images.begin() + static_cast<std::ptrdiff_t>(i * first.inputs));
    labels_[i] = labels[image];
  }
  row_ = blocks_of(probe.size()) * kImagesAbreast + kRowPadding;
  const auto size = [](std::size_t value) { return static_cast<dnnl_dim_t>(value); };
  const bool much = 3 * first.outputs * images.size() > kMuchOfMatrices;
  omp_set_num_threads(much ? static_cast<int>(threads_) : 1);
  const auto keep = [&](std::span<const float> arena, Along& along) {
    along.upper.assign(arena.begin() + static_cast<std::ptrdiff_t>(upper_begin_), arena.end());
    along.first.assign(first.outputs * row_, 0.0f);
    if (first.has_bias)
      for (std::size_t unit = 0; unit < first.outputs; ++unit)
        std::fill_n(along.first.data() + unit * row_, probe.size(), arena[first.bias + unit]);
    const dnnl_status_t status = dnnl_sgemm(
        'N', 'T', size(first.outputs), size(probe.size()), size(first.inputs), 1, arena.data() + first.weight,
        size(first.inputs), images.data(), size(first.inputs), 1, along.first.data(), size(row_));
    FL_CHECK_MSG(status == dnnl_success, "oneDNN: a product failed with status {}", static_cast<int>(status));
  };
  keep(origin, origin_);
  keep(d1, d1_);
  keep(d2, d2_);
}

void DenseSlice::form(const SlicePoint& point, std::span<float> params) const {
  const auto a = static_cast<float>(point.a), b = static_cast<float>(point.b);
  for (std::size_t i = 0; i < params.size(); ++i)
    params[i] = kernels::slice_point(origin_.upper[i], d1_.upper[i], d2_.upper[i], a, b);
}

void DenseSlice::forward(const SlicePoint& point, std::size_t block, std::span<const float> params,
                         Workspace& own) const {
  const auto a = static_cast<float>(point.a), b = static_cast<float>(point.b);
  const Dense& first = layers_.front();
  for (std::size_t unit = 0; unit < first.outputs; ++unit) {
    const std::size_t at = unit * row_ + block * kImagesAbreast;
    const float *o = origin_.first.data() + at, *x = d1_.first.data() + at, *y = d2_.first.data() + at;
    float* out = own.values.data() + unit * kImagesAbreast;
    for (std::size_t i = 0; i < kImagesAbreast; ++i) {
      const float value = o[i] + a * x[i] + b * y[i];
      out[i] = first.relu && value < 0 ? 0.0f : value;  // what is not a number stays so
    }
  }
  for (std::size_t l = 1; l < layers_.size(); ++l) {
    const Dense& dense = layers_[l];
    for (std::size_t unit = 0; unit < dense.outputs; ++unit) {
      float* out = own.next.data() + unit * kImagesAbreast;
      const float* weights = params.data() + (dense.weight - upper_begin_) + unit * dense.inputs;
      float sums[kImagesAbreast];
      std::fill_n(sums, kImagesAbreast, dense.has_bias ? params[dense.bias - upper_begin_ + unit] : 0.0f);
      for (std::size_t below = 0; below < dense.inputs; ++below) {
        const float weight = weights[below];
        const float* in = own.values.data() + below * kImagesAbreast;
        for (std::size_t i = 0; i < kImagesAbreast; ++i) sums[i] += weight * in[i];
      }
      for (std::size_t i = 0; i < kImagesAbreast; ++i) out[i] = dense.relu && sums[i] < 0 ? 0.0f : sums[i];
    }
    std::swap(own.values, own.next);
  }
}

void DenseSlice::evaluate_group(std::span<const SlicePoint> points, std::span<double> losses,
                                Workspace& own) const {
  own.params.resize(group_ * upper_floats_);
  own.values.resize(widest_ * kImagesAbreast);
  own.next.resize(widest_ * kImagesAbreast);
  const auto classes = static_cast<std::size_t>(spec_->classes);
  own.row.resize(classes);
  const auto params = [&](std::size_t p) {
    return std::span(own.params).subspan(p * upper_floats_, upper_floats_);
  };
  for (std::size_t p = 0; p < points.size(); ++p) form(points[p], params(p));
  std::ranges::fill(losses, 0.0);
  for (std::size_t block = 0; block < blocks_of(labels_.size()); ++block)
    for (std::size_t p = 0; p < points.size(); ++p) {
      forward(points[p], block, params(p), own);
      const std::size_t begin = block * kImagesAbreast,
                        images = std::min(kImagesAbreast, labels_.size() - begin);
      for (std::size_t i = 0; i < images; ++i) {
        for (std::size_t c = 0; c < classes; ++c) own.row[c] = own.values[c * kImagesAbreast + i];
        losses[p] += static_cast<double>(kernels::softmax_cross_entropy(own.row.data(), labels_[begin + i],
                                                                        spec_->classes, own.row.data(),
                                                                        static_cast<float>(spec_->clip))
                                             .loss);
      }
    }
  for (double& loss : losses) loss /= static_cast<double>(labels_.size());
}

void DenseSlice::evaluate(std::span<const SlicePoint> points, std::span<double> losses) {
  const auto groups = static_cast<int>((points.size() + group_ - 1) / group_);
  const bool much = products() * labels_.size() * points.size() > kMuch;
  const int threads = much ? std::min(groups, static_cast<int>(threads_)) : 1;
#pragma omp parallel for num_threads(threads) schedule(static)
  for (int group = 0; group < groups; ++group) {
    const std::size_t begin = static_cast<std::size_t>(group) * group_;
    const std::size_t count = std::min(group_, points.size() - begin);
    evaluate_group(points.subspan(begin, count), losses.subspan(begin, count),
                   workspaces_[static_cast<std::size_t>(omp_get_thread_num())]);
  }
}

}  // namespace fl
