#include "trainer/net/net_spec.h"

#include <algorithm>
#include <set>

namespace fl {
namespace {

Result<TensorShape> window_shape(const LayerSpec& layer, TensorShape in, int channels) {
  if (layer.kernel < 1 || layer.stride < 1 || layer.padding < 0 || layer.padding >= layer.kernel)
    return error("{}: kernel and stride must be positive, and the padding smaller than the kernel.",
                 layer.called());
  const int height = in.height + 2 * layer.padding - layer.kernel;
  const int width = in.width + 2 * layer.padding - layer.kernel;
  if (height < 0 || width < 0)
    return error("{}: its {}x{} kernel is larger than its {}x{} input; use a larger image_size.",
                 layer.called(), layer.kernel, layer.kernel, in.height, in.width);
  return TensorShape{channels, height / layer.stride + 1, width / layer.stride + 1};
}

Result<TensorShape> output_shape(const LayerSpec& layer, TensorShape in, TensorShape second) {
  switch (layer.kind) {
    case LayerKind::kConvolution:
      if (layer.out_channels < 1) return error("{}: it needs at least one output channel.", layer.called());
      return window_shape(layer, in, layer.out_channels);
    case LayerKind::kDepthwise:
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      return window_shape(layer, in, in.channels);
    case LayerKind::kDense:
      if (layer.out_channels < 1) return error("{}: it needs at least one output.", layer.called());
      return TensorShape{layer.out_channels, 1, 1};
    case LayerKind::kGlobalAveragePool:
      return TensorShape{in.channels, 1, 1};
    case LayerKind::kAdd:
      if (in != second)
        return error("{}: it cannot add {}x{}x{} to {}x{}x{}; make both the same shape.", layer.called(), in.channels, in.height, in.width,
                     second.channels, second.height, second.width);
      return in;
    case LayerKind::kDropout:
      if (!(layer.rate >= 0 && layer.rate < 1))
        return error("{}: the dropout rate must be at least 0 and less than 1.", layer.called());
      return in;
    case LayerKind::kBatchNorm:
      if (!(layer.epsilon > 0) || !(layer.momentum >= 0 && layer.momentum < 1))
        return error("{}: epsilon must be positive, and momentum at least 0 and less than 1.", layer.called());
      return in;
    case LayerKind::kRelu:
    case LayerKind::kRelu6:
      return in;
  }
  return error("{}: unknown kind.", layer.called());
}

}  // namespace

std::string LayerSpec::called() const {
  return line > 0 ? fmt::format("Layer {} (line {})", name, line) : "Layer " + name;
}

std::vector<int> NetSpec::sources(int index) const {
  const LayerSpec& layer = layers[static_cast<std::size_t>(index)];
  const auto resolve = [index](int from) { return from == LayerSpec::kPrevious ? index - 1 : from; };
  if (layer.kind == LayerKind::kAdd) return {resolve(layer.input), resolve(layer.second)};
  return {resolve(layer.input)};
}

std::vector<int> NetSpec::readers(int index) const {
  std::vector<int> result;
  for (int i = index + 1; i < static_cast<int>(layers.size()); ++i)
    for (const int source : sources(i))
      if (source == index) result.push_back(i);
  return result;
}

bool NetSpec::has(LayerKind kind) const {
  return std::ranges::any_of(layers, [kind](const LayerSpec& layer) { return layer.kind == kind; });
}

Result<std::vector<TensorShape>> layer_shapes(const NetSpec& spec) {
  std::vector<TensorShape> shapes;
  std::set<std::string> names;
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i) {
    const LayerSpec& layer = spec.layers[static_cast<std::size_t>(i)];
    if (!names.insert(layer.name).second) return error("Two layers are called {}.", layer.name);
    const std::vector<int> sources = spec.sources(i);
    const auto shape_at = [&](int source) {
      return source == NetSpec::kImage ? spec.input : shapes[static_cast<std::size_t>(source)];
    };
    for (const int source : sources)
      if (source >= i || source < NetSpec::kImage)
        return error("{}: its input must come before it.", layer.called());
    auto shape = output_shape(layer, shape_at(sources.front()), shape_at(sources.back()));
    if (!shape) return shape.error();
    shapes.push_back(*shape);
  }
  if (shapes.empty()) return error("Network {} has no layers.", spec.name);
  if (shapes.back() != TensorShape{spec.classes, 1, 1}) {
    const LayerSpec& last = spec.layers.back();
    return error("{}: the network ends here with {}x{}x{} outputs, but there are {} classes; {}.", last.called(),
                 shapes.back().channels, shapes.back().height, shapes.back().width, spec.classes,
                 last.kind == LayerKind::kDense ? "leave out its units" : "add a dense layer after it");
  }
  return shapes;
}

const LayerSpec* norm_of_single_values(const NetSpec& spec) {
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  for (std::size_t i = 0; i < shapes.size(); ++i)
    if (spec.layers[i].kind == LayerKind::kBatchNorm && shapes[i].height * shapes[i].width == 1)
      return &spec.layers[i];
  return nullptr;
}

}  // namespace fl
