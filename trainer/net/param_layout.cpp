#include "trainer/net/param_layout.h"

#include "trainer/base/check.h"
#include "trainer/net/layer_kinds.h"

namespace fl {
namespace {

constexpr std::size_t kAlignment = 16;  // floats: a cache line, and what vector loads like

// Places a tensor at the end of an arena of `floats`.
void place(ParamTensor& tensor, std::size_t& floats) {
  tensor.count = 1;
  for (const int extent : tensor.shape) tensor.count *= static_cast<std::size_t>(extent);
  tensor.filters = tensor.shape.front();
  tensor.offset = floats;
  floats += (tensor.count + kAlignment - 1) / kAlignment * kAlignment;
}

std::vector<bool> differentiated_layers(const NetSpec& spec, const std::vector<ParamTensor>& tensors) {
  std::vector<bool> wanted(spec.layers.size(), false);
  for (const ParamTensor& tensor : tensors)
    if (!tensor.frozen) wanted[static_cast<std::size_t>(tensor.layer)] = true;
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i)
    for (const int source : spec.sources(i))
      if (source != NetSpec::kImage && wanted[static_cast<std::size_t>(source)])
        wanted[static_cast<std::size_t>(i)] = true;
  return wanted;
}

}  // namespace

ParamLayout ParamLayout::of(const NetSpec& spec) {
  const auto shapes = layer_shapes(spec);
  FL_CHECK_MSG(shapes.ok(), "{}", shapes.ok() ? "" : shapes.error().message);
  ParamLayout layout;
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i) {
    const LayerSpec& layer = spec.layers[static_cast<std::size_t>(i)];
    const int source = spec.sources(i).front();
    const TensorShape in =
        source == NetSpec::kImage ? spec.input : (*shapes)[static_cast<std::size_t>(source)];
    const auto append = [&](std::vector<ParamTensor> tensors, std::vector<ParamTensor>& to) {
      for (ParamTensor& tensor : tensors) {
        tensor.name.insert(0, layer.name);
        tensor.layer = i;
        tensor.frozen = layer.frozen;
        tensor.rate_factor = layer.rate_factor;
        to.push_back(std::move(tensor));
      }
    };
    LayerTensors own = listed_kind(layer.kind).tensors(layer, in);
    append(std::move(own.trained), layout.tensors);
    append(std::move(own.statistics), layout.statistics);
  }
  for (ParamTensor& tensor : layout.tensors)
    if (!tensor.frozen) place(tensor, layout.floats);
  layout.all_floats = layout.floats;
  for (ParamTensor& tensor : layout.tensors)
    if (tensor.frozen) place(tensor, layout.all_floats);
  for (ParamTensor& tensor : layout.statistics) place(tensor, layout.statistic_floats);
  for (const ParamTensor& tensor : layout.tensors) layout.parameters += tensor.count;
  layout.differentiated = differentiated_layers(spec, layout.tensors);
  return layout;
}

const ParamTensor* ParamLayout::find(const std::string& name) const {
  for (const auto* list : {&tensors, &statistics})
    for (const ParamTensor& tensor : *list)
      if (tensor.name == name) return &tensor;
  return nullptr;
}

}  // namespace fl
