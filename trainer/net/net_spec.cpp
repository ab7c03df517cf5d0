#include "trainer/net/net_spec.h"

#include <set>

namespace fl {
namespace {

Result<TensorShape> output_shape(const LayerSpec& layer, TensorShape in) {
  switch (layer.kind) {
    case LayerKind::kConvolution:
    case LayerKind::kMaxPool: {
      const bool convolution = layer.kind == LayerKind::kConvolution;
      if (layer.kernel < 1 || layer.stride < 1 || layer.padding < 0 ||
          (convolution && layer.out_channels < 1))
        return error("Layer {}: kernel, stride and channels must be positive.", layer.name);
      const int height = in.height + 2 * layer.padding - layer.kernel;
      const int width = in.width + 2 * layer.padding - layer.kernel;
      if (height < 0 || width < 0)
        return error("Layer {}: its {}x{} kernel is larger than its {}x{} input; use a larger image_size.",
                     layer.name, layer.kernel, layer.kernel, in.height, in.width);
      return TensorShape{convolution ? layer.out_channels : in.channels, height / layer.stride + 1,
                         width / layer.stride + 1};
    }
    case LayerKind::kDense:
      if (layer.out_channels < 1) return error("Layer {}: it needs at least one output.", layer.name);
      return TensorShape{layer.out_channels, 1, 1};
    case LayerKind::kRelu:
      return in;
    case LayerKind::kGlobalAveragePool:
      return TensorShape{in.channels, 1, 1};
  }
  return error("Layer {}: unknown kind.", layer.name);
}

}  // namespace

NetSpec ct_small(TensorShape input, int classes) {
  NetSpec spec{"ct-small", input, classes, {}};
  int block = 0;
  for (const int channels : {16, 32, 64, 64}) {
    const std::string number = std::to_string(++block);
    spec.layers.push_back({.kind = LayerKind::kConvolution,
                           .name = "conv" + number,
                           .out_channels = channels,
                           .kernel = 3,
                           .padding = 1});
    spec.layers.push_back({.kind = LayerKind::kRelu, .name = "relu" + number, .output = "conv " + number});
    spec.layers.push_back({.kind = LayerKind::kMaxPool, .name = "pool" + number, .kernel = 2, .stride = 2});
  }
  spec.layers.push_back({.kind = LayerKind::kGlobalAveragePool, .name = "gap", .output = "average pool"});
  spec.layers.push_back({.kind = LayerKind::kDense, .name = "dense", .out_channels = classes});
  return spec;
}

Result<NetSpec> make_network(const std::string& name, TensorShape input, int classes) {
  if (name != "ct-small")
    return error("There is no network called \"{}\"; the networks are: ct-small.", name);
  NetSpec spec = ct_small(input, classes);
  if (auto shapes = layer_shapes(spec); !shapes) return shapes.error();
  return spec;
}

Result<std::vector<TensorShape>> layer_shapes(const NetSpec& spec) {
  std::vector<TensorShape> shapes;
  std::set<std::string> names;
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const LayerSpec& layer = spec.layers[i];
    if (!names.insert(layer.name).second) return error("Two layers are called {}.", layer.name);
    const int source = layer.input >= 0 ? layer.input : static_cast<int>(i) - 1;
    if (source >= static_cast<int>(i)) return error("Layer {}: its input comes after it.", layer.name);
    auto shape = output_shape(layer, source < 0 ? spec.input : shapes[static_cast<std::size_t>(source)]);
    if (!shape) return shape.error();
    shapes.push_back(*shape);
  }
  if (shapes.empty()) return error("Network {} has no layers.", spec.name);
  if (shapes.back() != TensorShape{spec.classes, 1, 1})
    return error("Network {} ends in {} outputs for {} classes.", spec.name, shapes.back().floats(),
                 spec.classes);
  return shapes;
}

}  // namespace fl
