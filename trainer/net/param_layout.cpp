#include "trainer/net/param_layout.h"

#include "trainer/base/check.h"

namespace fl {

ParamLayout ParamLayout::of(const NetSpec& spec) {
  const auto shapes = layer_shapes(spec);
  FL_CHECK_MSG(shapes.ok(), "{}", shapes.ok() ? "" : shapes.error().message);
  ParamLayout layout;
  constexpr std::size_t kAlignment = 16;  // floats: a cache line, and what vector loads like
  const auto add = [&layout](ParamTensor tensor) {
    tensor.count = 1;
    for (const int extent : tensor.shape) tensor.count *= static_cast<std::size_t>(extent);
    tensor.filters = tensor.shape.front();
    tensor.offset = layout.floats;
    layout.parameters += tensor.count;
    layout.floats += (tensor.count + kAlignment - 1) / kAlignment * kAlignment;
    layout.tensors.push_back(std::move(tensor));
  };
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const LayerSpec& layer = spec.layers[i];
    const int source = layer.input >= 0 ? layer.input : static_cast<int>(i) - 1;
    const TensorShape in = source < 0 ? spec.input : (*shapes)[static_cast<std::size_t>(source)];
    ParamTensor weight{.name = layer.name + ".weight", .layer = static_cast<int>(i), .shape = {}};
    if (layer.kind == LayerKind::kConvolution) {
      const int area = layer.kernel * layer.kernel;
      weight.shape = {layer.out_channels, in.channels, layer.kernel, layer.kernel};
      weight.fan_in = in.channels * area;
      weight.fan_out = layer.out_channels * area;
    } else if (layer.kind == LayerKind::kDense) {
      weight.shape = {layer.out_channels, static_cast<int>(in.floats())};
      weight.fan_in = static_cast<int>(in.floats());
      weight.fan_out = layer.out_channels;
    } else {
      continue;
    }
    ParamTensor bias{.name = layer.name + ".bias",
                     .kind = ParamKind::kBias,
                     .layer = static_cast<int>(i),
                     .shape = {layer.out_channels},
                     .fan_in = weight.fan_in,
                     .fan_out = weight.fan_out};
    add(std::move(weight));
    add(std::move(bias));
  }
  return layout;
}

const ParamTensor* ParamLayout::find(const std::string& name) const {
  for (const ParamTensor& tensor : tensors)
    if (tensor.name == name) return &tensor;
  return nullptr;
}

}  // namespace fl
