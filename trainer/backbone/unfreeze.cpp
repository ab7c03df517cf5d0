#include "trainer/backbone/unfreeze.h"

#include <algorithm>
#include <string>

#include "trainer/backbone/layer_names.h"
#include "trainer/base/check.h"
#include "trainer/base/counted.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace {

constexpr int kNowhere = -1;
// Of a stage whose last maps are shown: the most channels, which all become tiles.
constexpr int kMostShownChannels = 128;

std::size_t size(int value) {
  return static_cast<std::size_t>(value);
}

bool is_activation(LayerKind kind) {
  return kind == LayerKind::kRelu || kind == LayerKind::kRelu6;
}

// Whether such a layer may be a block's last.
bool may_end(const NetSpec& spec, int index) {
  const LayerKind kind = spec.layers[size(index)].kind;
  const std::vector<int> readers = spec.readers(index);
  switch (kind) {
    case LayerKind::kAdd:
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      return true;
    case LayerKind::kConvolution:
    case LayerKind::kDepthwise:
      return std::ranges::none_of(readers, [&](int reader) {
        const LayerKind above = spec.layers[size(reader)].kind;
        return is_activation(above) || above == LayerKind::kBatchNorm;
      });
    case LayerKind::kRelu:
    case LayerKind::kRelu6: {
      const int below = spec.sources(index).front();
      return below != NetSpec::kImage && spec.layers[size(below)].kind == LayerKind::kAdd;
    }
    default:
      return false;
  }
}

// Layers that are moved from one network to another.
class Moved {
 public:
  Moved(const KnownNetwork& from, KnownNetwork& to)
      : from_(from), to_(to), places_(from.spec.layers.size(), kNowhere) {}

  // Of a layer of the old network, in the new one.
  [[nodiscard]] int place(int layer) const { return places_[size(layer)]; }
  void put(int layer, int place) { places_[size(layer)] = place; }
  // Precondition: what it reads has been moved, or is the image and the new network's, too.
  void move(int layer, bool frozen) {
    LayerSpec copy = from_.spec.layers[size(layer)];
    const std::vector<int> sources = from_.spec.sources(layer);
    const auto moved = [&](int source) {
      const int at = source == NetSpec::kImage ? kNowhere : place(source);
      FL_CHECK(at != kNowhere || (source == NetSpec::kImage && to_.spec.layers.empty()));
      return at == kNowhere ? LayerSpec::kPrevious : at;
    };
    copy.input = moved(sources.front());
    copy.second = sources.size() > 1 ? moved(sources.back()) : LayerSpec::kPrevious;
    copy.frozen = frozen;
    copy.name = free_layer_name(to_.spec, copy.name);
    put(layer, append(std::move(copy)));
  }
  int append(LayerSpec layer) {
    to_.spec.layers.push_back(std::move(layer));
    return static_cast<int>(to_.spec.layers.size()) - 1;
  }
  // Into the new network's parameters, once all its layers are there.
  void copy_params() const {
    const ParamLayout layout = ParamLayout::of(to_.spec);
    to_.params.resize(layout.all_floats);
    for (const ParamTensor& tensor : ParamLayout::of(from_.spec).tensors) {
      if (place(tensor.layer) == kNowhere) continue;
      const std::string& name = to_.spec.layers[size(place(tensor.layer))].name;
      const ParamTensor* to = layout.find(name + tensor.name.substr(tensor.name.rfind('.')));
      std::copy_n(from_.params.begin() + static_cast<std::ptrdiff_t>(tensor.offset), tensor.count,
                  to_.params.begin() + static_cast<std::ptrdiff_t>(to->offset));
    }
  }

 private:
  const KnownNetwork& from_;
  KnownNetwork& to_;
  std::vector<int> places_;
};

// The layers that are trained from `begin` on, and all that depend on one of them.
std::vector<bool> layers_above(const NetSpec& spec, int begin) {
  std::vector<bool> above(spec.layers.size(), false);
  for (const ParamTensor& tensor : ParamLayout::of(spec).tensors)
    if (tensor.layer >= begin) above[size(tensor.layer)] = true;
  for (int i = 0; i < static_cast<int>(above.size()); ++i)
    for (const int source : spec.sources(i))
      if (source != NetSpec::kImage && above[size(source)]) above[size(i)] = true;
  return above;
}

// The layers below whose values those above read, or whoever reads the backbone.
std::vector<int> crossing_layers(const NetSpec& spec, const std::vector<bool>& above) {
  const std::vector<int> outputs = spec.output_layers();
  std::vector<int> crossing;
  for (int i = 0; i < static_cast<int>(above.size()); ++i)
    if (!above[size(i)] &&
        (std::ranges::find(outputs, i) != outputs.end() ||
         std::ranges::any_of(spec.readers(i), [&](int reader) { return above[size(reader)]; })))
      crossing.push_back(i);
  return crossing;
}

// The maps that each trained stage ends with, where the network names none itself.
void name_stages(const KnownNetwork& backbone, int first, const Moved& moved, NetSpec& above,
                 const std::vector<TensorShape>& shapes) {
  if (std::ranges::any_of(above.layers, [](const LayerSpec& layer) { return !layer.output.empty(); })) return;
  for (std::size_t stage = size(first); stage < backbone.stages.size(); ++stage) {
    const bool last = stage + 1 == backbone.stages.size();
    int end = last ? static_cast<int>(shapes.size()) : backbone.stages[stage + 1];
    while (end > backbone.stages[stage] && shapes[size(end) - 1].width == 1) --end;
    if (end-- == backbone.stages[stage] || shapes[size(end)].channels > kMostShownChannels) continue;
    if (moved.place(end) != kNowhere)
      above.layers[size(moved.place(end))].output = fmt::format("stage {}", stage + 1);
  }
}

}  // namespace

std::vector<int> stages_of(const NetSpec& spec) {
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  std::vector<bool> has_weights(spec.layers.size(), false);
  for (const ParamTensor& tensor : ParamLayout::of(spec).tensors) has_weights[size(tensor.layer)] = true;
  std::vector<int> begins;
  int read_beyond = NetSpec::kImage;  // the last layer that reads one from below those looked at
  bool weights = false;               // since the last block
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i) {
    weights = weights || has_weights[size(i)];
    const bool alone = read_beyond <= i;
    for (const int reader : spec.readers(i)) read_beyond = std::max(read_beyond, reader);
    if (!alone || shapes[size(i)].width == 1 || !may_end(spec, i)) continue;
    if (weights)
      begins.push_back(i + 1);
    else if (!begins.empty())
      begins.back() = i + 1;
    weights = false;
  }
  if (!weights && !begins.empty()) begins.pop_back();
  return begins;
}

Result<CutBackbone> cut_backbone(KnownNetwork backbone, int stages) {
  if (stages == 0) return CutBackbone{std::move(backbone), {}};
  const auto all = static_cast<int>(backbone.stages.size());
  if (stages > all)
    return error("[network] unfreeze = {} is more than this backbone has, which is {}; {}.", stages,
                 all == 0 ? "no stage that can be trained" : counted(size(all), "stage"),
                 all == 0 ? "leave it out" : fmt::format("make it {} or less", all));
  const NetSpec& spec = backbone.spec;
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  const std::vector<bool> is_above = layers_above(spec, backbone.stages[size(all - stages)]);
  const std::vector<int> crossing = crossing_layers(spec, is_above);

  CutBackbone cut{{{spec.name, spec.input, 0, {}}, {}, backbone.half_range}, KnownNetwork{}};
  Moved down(backbone, cut.below);
  for (int i = 0; i < static_cast<int>(is_above.size()); ++i)
    if (!is_above[size(i)]) down.move(i, true);
  std::size_t numbers = 0;
  for (const int layer : crossing) {
    cut.below.spec.outputs.push_back({down.place(layer)});
    numbers += shapes[size(layer)].floats();
  }
  cut.below.spec.classes = static_cast<int>(numbers);
  down.copy_params();

  KnownNetwork& above = *cut.above;
  above.spec = {"unfrozen", {1, 1, cut.below.spec.classes}, spec.classes, {}};
  if (crossing.size() == 1) above.spec.input = shapes[size(crossing.front())];
  Moved up(backbone, above);
  std::size_t begin = 0;
  for (const int layer : crossing) {
    const TensorShape& shape = shapes[size(layer)];
    up.put(layer, up.append({.kind = LayerKind::kPart,
                             .name = free_layer_name(above.spec, "cut"),
                             .begin = begin,
                             .part = shape}));
    begin += shape.floats();
  }
  for (int i = 0; i < static_cast<int>(is_above.size()); ++i)
    if (is_above[size(i)]) up.move(i, false);
  for (const OutputSpec& output : spec.outputs) above.spec.outputs.push_back({up.place(output.layer)});
  for (const int layer : crossing) up.put(layer, kNowhere);  // they have no parameters there
  up.copy_params();
  name_stages(backbone, all - stages, up, above.spec, shapes);
  return cut;
}

KnownNetwork joined(const KnownNetwork& below, const KnownNetwork& above) {
  KnownNetwork whole{below.spec, {}, below.half_range};
  whole.spec.name = above.spec.name;
  whole.spec.classes = above.spec.classes;
  whole.spec.clip = above.spec.clip;
  whole.spec.outputs.clear();
  const std::vector<int> outputs = below.spec.output_layers();
  Moved down(below, whole), up(above, whole);
  for (int i = 0; i < static_cast<int>(below.spec.layers.size()); ++i) down.put(i, i);
  std::size_t part = 0;
  for (int i = 0; i < static_cast<int>(above.spec.layers.size()); ++i) {
    if (above.spec.layers[size(i)].kind == LayerKind::kPart)
      up.put(i, outputs.at(part++));
    else
      up.move(i, above.spec.layers[size(i)].frozen);
  }
  for (const OutputSpec& output : above.spec.outputs) whole.spec.outputs.push_back({up.place(output.layer)});
  down.copy_params();
  up.copy_params();
  return whole;
}

}  // namespace fl
