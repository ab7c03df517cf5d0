#include "trainer/net/param_layout.h"

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr std::size_t kAlignment = 16;  // floats: a cache line, and what vector loads like

// Places a tensor at the end of an arena of `floats` and returns it filled in.
ParamTensor place(ParamTensor tensor, std::size_t& floats) {
  tensor.count = 1;
  for (const int extent : tensor.shape) tensor.count *= static_cast<std::size_t>(extent);
  tensor.filters = tensor.shape.front();
  tensor.offset = floats;
  floats += (tensor.count + kAlignment - 1) / kAlignment * kAlignment;
  return tensor;
}

}  // namespace

ParamLayout ParamLayout::of(const NetSpec& spec) {
  const auto shapes = layer_shapes(spec);
  FL_CHECK_MSG(shapes.ok(), "{}", shapes.ok() ? "" : shapes.error().message);
  ParamLayout layout;
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i) {
    const LayerSpec& layer = spec.layers[static_cast<std::size_t>(i)];
    const int source = spec.sources(i).front();
    const TensorShape in = source == NetSpec::kImage ? spec.input : (*shapes)[static_cast<std::size_t>(source)];
    const int area = layer.kernel * layer.kernel;
    ParamTensor weight{.name = layer.name + ".weight", .layer = i, .shape = {}};
    switch (layer.kind) {
      case LayerKind::kConvolution:
        weight.shape = {layer.out_channels, in.channels, layer.kernel, layer.kernel};
        weight.fan_in = in.channels * area;
        weight.fan_out = layer.out_channels * area;
        break;
      case LayerKind::kDepthwise:
        weight.shape = {in.channels, 1, layer.kernel, layer.kernel};
        weight.fan_in = weight.fan_out = area;
        break;
      case LayerKind::kDense:
        weight.shape = {layer.out_channels, static_cast<int>(in.floats())};
        weight.fan_in = static_cast<int>(in.floats());
        weight.fan_out = layer.out_channels;
        break;
      case LayerKind::kBatchNorm: {
        const auto vector = [&](const char* suffix, ParamKind kind) {
          return ParamTensor{.name = layer.name + suffix, .kind = kind, .layer = i, .shape = {in.channels}};
        };
        layout.tensors.push_back(place(vector(".scale", ParamKind::kScale), layout.floats));
        layout.tensors.push_back(place(vector(".shift", ParamKind::kShift), layout.floats));
        layout.statistics.push_back(place(vector(".mean", ParamKind::kShift), layout.statistic_floats));
        layout.statistics.push_back(place(vector(".variance", ParamKind::kScale), layout.statistic_floats));
        continue;
      }
      default:
        continue;
    }
    ParamTensor bias{.name = layer.name + ".bias",
                     .kind = ParamKind::kBias,
                     .layer = i,
                     .shape = {weight.shape.front()},
                     .fan_in = weight.fan_in,
                     .fan_out = weight.fan_out};
    layout.tensors.push_back(place(std::move(weight), layout.floats));
    if (layer.bias) layout.tensors.push_back(place(std::move(bias), layout.floats));
  }
  for (const ParamTensor& tensor : layout.tensors) layout.parameters += tensor.count;
  return layout;
}

const ParamTensor* ParamLayout::find(const std::string& name) const {
  for (const auto* list : {&tensors, &statistics})
    for (const ParamTensor& tensor : *list)
      if (tensor.name == name) return &tensor;
  return nullptr;
}

}  // namespace fl
