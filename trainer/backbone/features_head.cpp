#include "trainer/backbone/features_head.h"

#include <algorithm>

#include "trainer/backbone/layer_names.h"
#include "trainer/base/check.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace {

// Nothing beside a variance of 1, and above zero, as it has to be.
constexpr double kNoEpsilon = 1e-12;

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

KnownNetwork with_standardised_outputs(const KnownNetwork& backbone, const Standardisation& standardisation) {
  KnownNetwork whole{backbone.spec, {}, backbone.half_range};
  NetSpec& spec = whole.spec;
  const std::vector<int> outputs = backbone.spec.output_layers();
  spec.outputs.clear();
  for (const int output : outputs) {
    spec.outputs.push_back({static_cast<int>(spec.layers.size())});
    const std::string name = spec.layers[static_cast<std::size_t>(output)].name;
    spec.layers.push_back({.kind = LayerKind::kBatchNorm,
                           .name = free_layer_name(spec, name + ".standard"),
                           .input = output,
                           .frozen = true,
                           .epsilon = kNoEpsilon});
  }
  const ParamLayout layout = ParamLayout::of(spec);
  whole.params.assign(layout.all_floats, 0.0f);
  copy_tensors(backbone, layout, whole);
  std::size_t number = 0;
  for (const OutputSpec& output : spec.outputs) {
    const std::string& name = spec.layers[static_cast<std::size_t>(output.layer)].name;
    const ParamTensor &scale = *layout.find(name + ".scale"), &shift = *layout.find(name + ".shift");
    for (std::size_t c = 0; c < scale.count; ++c, ++number) {
      const float inverse = standardisation.inverse_deviation.at(number);
      whole.params[scale.offset + c] = inverse;
      whole.params[shift.offset + c] = -standardisation.mean.at(number) * inverse;
    }
  }
  FL_CHECK(number == standardisation.mean.size());
  return whole;
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
  std::vector<std::string> part_names;
  std::vector<std::pair<std::string, std::string>> renamed;  // from a layer of the head to one of the whole
  for (std::size_t part = 0; part < outputs.size(); ++part) {
    const int below = static_cast<int>(layers.size()) - 1;
    LayerSpec dense = first;
    dense.name =
        free_layer_name(whole.spec, part == 0 ? first.name : fmt::format("{}.{}", first.name, part + 1));
    part_names.push_back(dense.name);
    dense.input = outputs[part];
    dense.bias = first.bias && part == 0;
    dense.output.clear();
    layers.push_back(dense);
    if (part > 0)
      layers.push_back({.kind = LayerKind::kAdd,
                        .name = free_layer_name(whole.spec, dense.name + ".sum"),
                        .input = below,
                        .second = below + 1});
  }
  for (const LayerSpec& layer : std::span(head.spec.layers).subspan(1)) {
    FL_CHECK(layer.input == LayerSpec::kPrevious && layer.kind != LayerKind::kAdd);
    LayerSpec own_layer = layer;
    own_layer.name = free_layer_name(whole.spec, layer.name);
    layers.push_back(std::move(own_layer));
    renamed.emplace_back(layer.name, layers.back().name);
  }
  const ParamLayout layout = ParamLayout::of(whole.spec), own = ParamLayout::of(head.spec);
  whole.params.assign(layout.all_floats, 0.0f);
  copy_tensors(backbone, layout, whole);
  const auto copy_from_head = [&](const ParamTensor* from, const std::string& to) {
    if (from != nullptr)
      std::copy_n(head.params.begin() + place_of(*from), from->count,
                  whole.params.begin() + place_of(*layout.find(to)));
  };
  for (const char* suffix : {".weight", ".bias"})
    for (const auto& [from, to] : renamed) copy_from_head(own.find(from + suffix), to + suffix);
  copy_from_head(own.find(first.name + ".bias"), part_names.front() + ".bias");
  const ParamTensor& weight = *own.find(first.name + ".weight");
  std::size_t column = 0;
  for (std::size_t part = 0; part < outputs.size(); ++part) {
    const ParamTensor& to = *layout.find(part_names[part] + ".weight");
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
