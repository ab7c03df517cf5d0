#include "trainer/backbone/plane_head.h"

#include <algorithm>
#include <numeric>

#include "trainer/base/check.h"
#include "trainer/net/param_layout.h"

namespace fl {

std::optional<PlaneHead> PlaneHead::of(const NetSpec& head) {
  PlaneHead made;
  const ParamLayout layout = ParamLayout::of(head);
  std::size_t inputs = head.input.floats();
  for (std::size_t l = 0; l < head.layers.size(); ++l) {
    const LayerSpec& spec = head.layers[l];
    if (spec.input != LayerSpec::kPrevious && spec.input + 1 != static_cast<int>(l)) return std::nullopt;
    if (spec.kind == LayerKind::kDropout) continue;
    if (spec.kind == LayerKind::kRelu && !made.layers_.empty()) {
      made.layers_.back().relu = true;
      continue;
    }
    if (spec.kind != LayerKind::kDense) return std::nullopt;
    Layer layer{.outputs = static_cast<std::size_t>(spec.out_channels), .inputs = inputs};
    for (const ParamTensor& tensor : layout.tensors) {
      if (tensor.layer != static_cast<int>(l)) continue;
      if (tensor.kind == ParamKind::kBias)
        layer.biases = tensor.offset;
      else
        layer.weights = tensor.offset;
    }
    inputs = layer.outputs;
    made.layers_.push_back(std::move(layer));
  }
  if (made.layers_.empty() || made.layers_.back().relu) return std::nullopt;
  return made;
}

void PlaneHead::lay(PrincipalPlane plane) {
  FL_CHECK(plane.mean.size() == layers_.front().inputs);
  plane_ = std::move(plane);
}

void PlaneHead::set_weights(std::span<const float> params) {
  for (Layer& layer : layers_) {
    const auto weights = params.subspan(layer.weights, layer.outputs * layer.inputs);
    layer.bias.assign(layer.outputs, 0);
    if (layer.biases) std::ranges::copy(params.subspan(*layer.biases, layer.outputs), layer.bias.begin());
    layer.matrix.assign(weights.begin(), weights.end());
  }
  Layer& first = layers_.front();
  std::vector<double> projected;
  for (std::size_t o = 0; o < first.outputs; ++o) {
    const auto row = std::span(first.matrix).subspan(o * first.inputs, first.inputs);
    const auto along = [row](const std::vector<double>& direction) {
      return std::inner_product(row.begin(), row.end(), direction.begin(), 0.0);
    };
    projected.insert(projected.end(),
                     {first.bias[o] + along(plane_.mean), along(plane_.axes[0]), along(plane_.axes[1])});
  }
  first.matrix = std::move(projected);
}

std::size_t PlaneHead::cost() const {
  std::size_t products = 3 * layers_.front().outputs;
  for (std::size_t l = 1; l < layers_.size(); ++l) products += layers_[l].outputs * layers_[l].inputs;
  return products;
}

void PlaneHead::run(Point at, bool gradients) {
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    FL_CHECK(!layer.matrix.empty());
    next_values_.resize(layer.outputs);
    next_changes_.assign(gradients ? layer.outputs : 0, {});
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      double value = 0;
      if (l == 0) {
        const double* row = layer.matrix.data() + 3 * o;
        value = row[0] + row[1] * at[0] + row[2] * at[1];
        if (gradients) next_changes_[o] = {row[1], row[2]};
      } else {
        const double* row = layer.matrix.data() + o * layer.inputs;
        value = layer.bias[o];
        for (std::size_t i = 0; i < layer.inputs; ++i) value += row[i] * values_[i];
        for (std::size_t i = 0; i < (gradients ? layer.inputs : 0); ++i)
          for (std::size_t k = 0; k < 2; ++k) next_changes_[o][k] += row[i] * changes_[i][k];
      }
      if (layer.relu && value <= 0) {
        value = 0;
        if (gradients) next_changes_[o] = {};
      }
      next_values_[o] = value;
    }
    values_.swap(next_values_);
    changes_.swap(next_changes_);
  }
}

void PlaneHead::logits(Point at, std::span<double> out) {
  FL_CHECK(out.size() == classes());
  run(at, false);
  const double mean = std::accumulate(values_.begin(), values_.end(), 0.0) / static_cast<double>(out.size());
  std::ranges::transform(values_, out.begin(), [mean](double value) { return value - mean; });
}

void PlaneHead::slopes(Point at, std::span<Point> out) {
  FL_CHECK(out.size() == classes());
  run(at, true);
  Point mean{};
  for (const Point& change : changes_)
    for (std::size_t k = 0; k < 2; ++k) mean[k] += change[k] / static_cast<double>(out.size());
  std::ranges::transform(changes_, out.begin(), [mean](const Point& change) {
    return Point{change[0] - mean[0], change[1] - mean[1]};
  });
}

std::vector<PlaneHead::Point> mean_slopes(PlaneHead& head, std::span<const PlaneHead::Point> points) {
  std::vector<PlaneHead::Point> mean(head.classes()), one(head.classes());
  for (const PlaneHead::Point& point : points) {
    head.slopes(point, one);
    for (std::size_t c = 0; c < mean.size(); ++c)
      for (std::size_t k = 0; k < 2; ++k) mean[c][k] += one[c][k] / static_cast<double>(points.size());
  }
  return mean;
}

}  // namespace fl
