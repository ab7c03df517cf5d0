#include "trainer/exports/features_head.h"

#include <algorithm>

#include "trainer/base/check.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace {

std::ptrdiff_t place_of(const ParamTensor& tensor) {
  return static_cast<std::ptrdiff_t>(tensor.offset);
}

// Every tensor of `from` that `to` has, too.
void copy_tensors(const KnownNetwork& from, const ParamLayout& layout, KnownNetwork& to) {
  for (const ParamTensor& tensor : ParamLayout::of(from.spec).tensors)
    if (const ParamTensor* same = layout.find(tensor.name); same != nullptr && same->count == tensor.count)
      std::copy_n(from.params.begin() + place_of(tensor), tensor.count, to.params.begin() + place_of(*same));
}

}  // namespace

KnownNetwork on_plain_features(KnownNetwork head, const Standardisation& standardisation) {
  const std::vector<float>&mean = standardisation.mean, &inverse = standardisation.inverse_deviation;
  if (mean.empty()) return head;
  FL_CHECK(head.spec.layers.front().kind == LayerKind::kDense && mean.size() == head.spec.input.floats() &&
           inverse.size() == mean.size());
  KnownNetwork plain{head.spec, {}, head.half_range};
  LayerSpec& first = plain.spec.layers.front();
  first.bias = true;
  const ParamLayout layout = ParamLayout::of(plain.spec);
  plain.params.assign(layout.all_floats, 0.0f);
  copy_tensors(head, layout, plain);
  float* weight = plain.params.data() + layout.find(first.name + ".weight")->offset;
  float* bias = plain.params.data() + layout.find(first.name + ".bias")->offset;
  for (int unit = 0; unit < first.out_channels; ++unit, ++bias) {
    double sum = static_cast<double>(*bias);
    for (std::size_t i = 0; i < mean.size(); ++i, ++weight) {
      const double factor = static_cast<double>(*weight) * static_cast<double>(inverse[i]);
      sum -= factor * static_cast<double>(mean[i]);
      *weight = static_cast<float>(factor);
    }
    *bias = static_cast<float>(sum);
  }
  return plain;
}

KnownNetwork head_on_outputs(const KnownNetwork& backbone, const KnownNetwork& head) {
  const LayerSpec& first = head.spec.layers.front();
  FL_CHECK(first.kind == LayerKind::kDense);
  KnownNetwork whole{backbone.spec, {}, backbone.half_range};
  whole.spec.outputs.clear();
  whole.spec.classes = head.spec.classes;
  std::vector<LayerSpec>& layers = whole.spec.layers;
  const std::vector<TensorShape> shapes = layer_shapes(backbone.spec).value();
  const std::vector<int> outputs = backbone.spec.output_layers();
  const auto part_name = [&](std::size_t part) {
    return part == 0 ? first.name : fmt::format("{}.{}", first.name, part + 1);
  };
  for (std::size_t part = 0; part < outputs.size(); ++part) {
    const int below = static_cast<int>(layers.size()) - 1;
    LayerSpec dense = first;
    dense.name = part_name(part);
    dense.input = outputs[part];
    dense.bias = first.bias && part == 0;
    dense.output.clear();
    layers.push_back(dense);
    if (part > 0)
      layers.push_back(
          {.kind = LayerKind::kAdd, .name = dense.name + ".sum", .input = below, .second = below + 1});
  }
  for (const LayerSpec& layer : std::span(head.spec.layers).subspan(1)) {
    FL_CHECK(layer.input == LayerSpec::kPrevious && layer.kind != LayerKind::kAdd);
    layers.push_back(layer);
  }
  const ParamLayout layout = ParamLayout::of(whole.spec), own = ParamLayout::of(head.spec);
  whole.params.assign(layout.all_floats, 0.0f);
  copy_tensors(backbone, layout, whole);
  copy_tensors(head, layout, whole);
  const ParamTensor& weight = *own.find(first.name + ".weight");
  std::size_t column = 0;
  for (std::size_t part = 0; part < outputs.size(); ++part) {
    const ParamTensor& to = *layout.find(part_name(part) + ".weight");
    const std::size_t columns = shapes[static_cast<std::size_t>(outputs[part])].floats();
    for (std::size_t unit = 0; unit < static_cast<std::size_t>(first.out_channels); ++unit)
      std::copy_n(head.params.begin() + place_of(weight) +
                      static_cast<std::ptrdiff_t>(unit * weight.filter_size() + column),
                  columns, whole.params.begin() + place_of(to) + static_cast<std::ptrdiff_t>(unit * columns));
    column += columns;
  }
  FL_CHECK(column == weight.filter_size());
  return whole;
}

}  // namespace fl
