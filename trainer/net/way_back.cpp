#include "trainer/net/way_back.h"

#include <algorithm>

#include "trainer/base/check.h"

namespace fl {
namespace {

// By layer: whether its values depend on those of `layer`; its own do.
std::vector<bool> dependents(const NetSpec& spec, int layer) {
  std::vector<bool> depends(spec.layers.size(), false);
  const auto does = [&](int source) {
    return source == layer || (source != NetSpec::kImage && depends[static_cast<std::size_t>(source)]);
  };
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i)
    depends[static_cast<std::size_t>(i)] = i == layer || std::ranges::any_of(spec.sources(i), does);
  return depends;
}

bool leads_to_output(const NetSpec& spec, int layer) {
  const std::vector<bool> depends = dependents(spec, layer);
  return std::ranges::any_of(spec.output_layers(),
                             [&](int output) { return depends[static_cast<std::size_t>(output)]; });
}

bool has_maps_of_its_own(LayerKind kind) {
  switch (kind) {
    case LayerKind::kConvolution:
    case LayerKind::kDepthwise:
    case LayerKind::kBatchNorm:
    case LayerKind::kRelu:
    case LayerKind::kRelu6:
    case LayerKind::kAdd:
      return true;
    default:
      return false;
  }
}

}  // namespace

WayBack WayBack::to(const NetSpec& spec, const ParamLayout& layout, int layer) {
  FL_CHECK(layer >= NetSpec::kImage && layer < static_cast<int>(spec.layers.size()));
  FL_CHECK(layer != NetSpec::kImage || !spec.has(LayerKind::kPart));
  WayBack result{spec, layout};
  for (LayerSpec& one : result.spec.layers) {
    one.frozen = true;
    one.rate = 0;
  }
  result.layout.floats = 0;
  result.layout.ends_at = layer;
  result.layout.differentiated = dependents(spec, layer);
  return result;
}

std::optional<int> last_maps(const NetSpec& spec) {
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  bool convolved = false;
  std::optional<int> last;
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i) {
    const auto at = static_cast<std::size_t>(i);
    const LayerKind kind = spec.layers[at].kind;
    convolved = convolved || kind == LayerKind::kConvolution || kind == LayerKind::kDepthwise;
    if (convolved && has_maps_of_its_own(kind) && shapes[at].height * shapes[at].width > 1 &&
        leads_to_output(spec, i))
      last = i;
  }
  return last;
}

}  // namespace fl
