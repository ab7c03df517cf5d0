#include "trainer/subjects/heat/heat.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"
#include "trainer/net/way_back.h"

namespace fl {
namespace {

constexpr double kSame = 0.01;  // of the length of a gradient: what differs by less looks alike

bool about_the_same(std::span<const float> now, std::span<const float> before) {
  if (now.size() != before.size()) return false;
  double difference = 0, length = 0;
  for (std::size_t i = 0; i < now.size(); ++i) {
    difference += std::pow(static_cast<double>(now[i]) - static_cast<double>(before[i]), 2);
    length += std::pow(static_cast<double>(before[i]), 2);
  }
  return difference <= kSame * kSame * length;
}

std::int32_t most_probable(std::span<const float> probabilities) {
  return static_cast<std::int32_t>(std::ranges::max_element(probabilities) - probabilities.begin());
}

}  // namespace

std::vector<float> grad_cam(std::span<const float> maps, std::span<const float> gradient,
                            const TensorShape& shape) {
  FL_CHECK(maps.size() == shape.floats() && gradient.size() == shape.floats());
  const auto channels = static_cast<std::size_t>(shape.channels);
  const std::size_t area = shape.floats() / channels;
  std::vector<double> sum(area);
  for (std::size_t c = 0; c < channels; ++c) {
    double weight = 0;
    for (const float value : gradient.subspan(c * area, area)) weight += static_cast<double>(value);
    weight /= static_cast<double>(area);
    for (std::size_t p = 0; p < area; ++p) sum[p] += weight * static_cast<double>(maps[c * area + p]);
  }
  std::vector<float> heat(area);
  if (!std::ranges::all_of(sum, [](double value) { return std::isfinite(value); })) return heat;
  const double largest = *std::ranges::max_element(sum);
  if (largest > 0)
    std::ranges::transform(sum, heat.begin(), [largest](double value) {
      return static_cast<float>(std::max(value, 0.0) / largest);
    });
  return heat;
}

HeatSource::HeatSource(Training& training) : training_(training), network_(training.program()) {
  const NetSpec& spec = training.program().spec();
  layer_ = last_maps(spec);
  if (layer_)
    shape_ = layer_shapes(spec).value()[static_cast<std::size_t>(*layer_)];
  else if (training.embedder() != nullptr && !spec.has(LayerKind::kPart))
    shape_ = training.embedder()->last_maps();
}

std::vector<float> HeatSource::gradient_of_head(std::int32_t image, std::span<const float> logits) const {
  const Embedder& embedder = *training_.embedder();
  std::vector<float> gradient(embedder.floats());
  network_.output_gradient(image, NetSpec::kImage, logits, gradient);
  // The head reads the numbers standardised.
  const std::vector<float>& factors = training_.standardisation().inverse_deviation;
  const std::size_t area = factors.empty() ? 1 : gradient.size() / factors.size();
  for (std::size_t i = 0; !factors.empty() && i < gradient.size(); ++i) gradient[i] *= factors[i / area];
  return gradient;
}

const HeatSource::Heat& HeatSource::look(std::int32_t image, std::uint64_t version,
                                         std::span<const float> pixels, std::int32_t of) {
  FL_CHECK(shape_);
  const Asked now{image, of, version, training_.generation(), training_.steps()};
  if (now == asked_) return heat_;
  const bool same_image = now.image == asked_.image && now.version == asked_.version;
  asked_ = now;
  const NetSpec& spec = training_.program().spec();
  const auto classes = static_cast<std::size_t>(spec.classes);
  const std::size_t floats = layer_ ? shape_->floats() : 0;
  std::vector<float> seen(floats + classes);
  std::vector<int> layers{static_cast<int>(spec.layers.size())};
  if (layer_) layers.insert(layers.begin(), *layer_);
  network_.activations(image, layers, seen);
  const std::int32_t last = heat_.of;
  heat_.of = of >= 0 ? of : most_probable(std::span(seen).last(classes));
  std::vector<float> logits(classes);
  logits.at(static_cast<std::size_t>(heat_.of)) = 1;
  std::vector<float> gradient(shape_->floats());
  if (layer_) {
    network_.output_gradient(image, *layer_, logits, gradient);
    heat_.values = grad_cam(std::span(seen).first(floats), gradient, *shape_);
    return heat_;
  }
  std::vector<float> head = gradient_of_head(image, logits);
  if (same_image && last == heat_.of && about_the_same(head, head_gradient_)) return heat_;
  head_gradient_ = std::move(head);
  std::vector<float> maps(shape_->floats());
  training_.embedder()->explain(pixels, head_gradient_, maps, gradient);
  heat_.values = grad_cam(maps, gradient, *shape_);
  return heat_;
}

}  // namespace fl
