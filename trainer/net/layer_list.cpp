#include "trainer/net/layer_list.h"

#include <algorithm>

#include "trainer/base/nearest_name.h"
#include "trainer/base/printable.h"
#include "trainer/scene/scene_table.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace {

struct KindName {
  const char* kind;  // in a scene
  const char* stem;  // of a layer's own name: conv1, conv2
  LayerKind value;
};

constexpr KindName kKinds[] = {
    {"convolution", "conv", LayerKind::kConvolution},
    {"depthwise", "depthwise", LayerKind::kDepthwise},
    {"dense", "dense", LayerKind::kDense},
    {"batch-norm", "norm", LayerKind::kBatchNorm},
    {"relu", "relu", LayerKind::kRelu},
    {"relu6", "relu", LayerKind::kRelu6},
    {"max-pool", "pool", LayerKind::kMaxPool},
    {"average-pool", "pool", LayerKind::kAveragePool},
    {"global-average-pool", "gap", LayerKind::kGlobalAveragePool},
    {"add", "add", LayerKind::kAdd},
    {"dropout", "dropout", LayerKind::kDropout},
};

const KindName& entry_of(LayerKind kind) {
  return *std::ranges::find(kKinds, kind, &KindName::value);
}

// The list as it is read: each layer sees those before it.
class ListReader {
 public:
  Result<void> add(const toml::table& table);
  // What only the whole list can say.
  Result<std::vector<LayerSpec>> finish();

 private:
  Result<LayerKind> read_kind(const toml::table& table, SceneTable& keys) const;
  Result<void> read_name(const toml::table& table, SceneTable& keys, LayerSpec& layer) const;
  // The index of the earlier layer that `key` names; kPrevious where the key is absent.
  Result<int> read_source(const toml::table& table, SceneTable& keys, const char* key) const;
  static void read_numbers(SceneTable& keys, LayerSpec& layer);
  [[nodiscard]] std::string title() const { return fmt::format("[network] layer {}", layers_.size() + 1); }
  [[nodiscard]] std::string own_name(LayerKind kind) const;
  void choose_outputs();

  std::vector<LayerSpec> layers_;
};

std::string ListReader::own_name(LayerKind kind) const {
  const std::string stem = entry_of(kind).stem;
  const auto before = std::ranges::count_if(
      layers_, [&](const LayerSpec& layer) { return entry_of(layer.kind).stem == stem; });
  return stem + std::to_string(before + 1);
}

Result<LayerKind> ListReader::read_kind(const toml::table& table, SceneTable& keys) const {
  std::string name;
  keys.get("kind", name);
  const toml::node* node = table.get("kind");
  if (node == nullptr)
    return error("{}{} has no kind; add one, for example kind = \"convolution\".", line_of(table), title());
  const auto found =
      std::ranges::find(kKinds, name, [](const KindName& entry) { return std::string(entry.kind); });
  if (found == std::end(kKinds))
    return error("{}{} has the unknown kind \"{}\"; {}", line_of(*node), title(), printable(name),
                 suggestion(name, layer_kind_names()));
  return found->value;
}

Result<void> ListReader::read_name(const toml::table& table, SceneTable& keys, LayerSpec& layer) const {
  constexpr std::size_t kLongest = 40;
  layer.name = own_name(layer.kind);
  keys.get("name", layer.name);
  keys.get("output", layer.output);
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (layer.name.empty() || layer.name.size() > kLongest || !std::ranges::all_of(layer.name, fits))
    return error(
        "{}{} name must be 1 to {} letters, digits, dots, dashes or underscores, because its saved weights "
        "take that name.",
        line_of(table), title(), kLongest);
  if (layer.output.size() > kLongest)
    return error("{}{} output must be at most {} bytes long, to fit on the feature wall.", line_of(table),
                 title(), kLongest);
  const auto twin = std::ranges::find(layers_, layer.name, &LayerSpec::name);
  if (twin != layers_.end())
    return error("{}{} is called {}, and so is layer {}; give one of them another name.", line_of(table),
                 title(), layer.name, twin - layers_.begin() + 1);
  return {};
}

Result<int> ListReader::read_source(const toml::table& table, SceneTable& keys, const char* key) const {
  std::string name;
  keys.get(key, name);
  const toml::node* node = table.get(key);
  if (node == nullptr || !node->is_string()) return LayerSpec::kPrevious;
  std::vector<std::string> names;
  for (const LayerSpec& layer : layers_) names.push_back(layer.name);
  if (names.empty())
    return error("{}{} has \"{}\", but no layer comes before it; move it down the list{}.", line_of(*node),
                 title(), key, std::string_view(key) == "from" ? " or remove from" : "");
  const auto found = std::ranges::find(names, name);
  if (found == names.end())
    return error("{}{} {} = \"{}\": no earlier layer has that name; {}", line_of(*node), title(), key,
                 printable(name), suggestion(name, names));
  return static_cast<int>(found - names.begin());
}

void ListReader::read_numbers(SceneTable& keys, LayerSpec& layer) {
  constexpr int kMaxChannels = 4096, kMaxKernel = 512;
  switch (layer.kind) {
    case LayerKind::kConvolution:
      keys.get("channels", layer.out_channels, 1, kMaxChannels);
      [[fallthrough]];
    case LayerKind::kDepthwise:
      layer.kernel = 3;
      keys.get("kernel", layer.kernel, 1, kMaxKernel);
      layer.padding = (layer.kernel - 1) / 2;
      keys.get("padding", layer.padding, 0, layer.kernel - 1);
      keys.get("stride", layer.stride, 1, kMaxKernel);
      keys.get("bias", layer.bias);
      break;
    case LayerKind::kDense:
      keys.get("units", layer.out_channels, 1, kMaxChannels);
      keys.get("bias", layer.bias);
      break;
    case LayerKind::kMaxPool:
    case LayerKind::kAveragePool:
      layer.kernel = 2;
      keys.get("kernel", layer.kernel, 1, kMaxKernel);
      layer.stride = layer.kernel;
      keys.get("stride", layer.stride, 1, kMaxKernel);
      keys.get("padding", layer.padding, 0, layer.kernel - 1);
      break;
    case LayerKind::kBatchNorm:
      keys.get("epsilon", layer.epsilon, 1e-12, 1);
      keys.get("momentum", layer.momentum, 0, 0.999999);
      break;
    case LayerKind::kDropout:
      keys.get("rate", layer.rate, 0, 0.95);
      break;
    case LayerKind::kRelu:
    case LayerKind::kRelu6:
    case LayerKind::kGlobalAveragePool:
    case LayerKind::kAdd:
      break;
  }
}

Result<void> ListReader::add(const toml::table& table) {
  SceneTable keys(&table, title());
  LayerSpec layer;
  layer.line = static_cast<int>(table.source().begin.line);
  auto kind = read_kind(table, keys);
  if (!kind) return kind.error();
  layer.kind = *kind;
  if (auto named = read_name(table, keys, layer); !named) return named;
  auto input = read_source(table, keys, "from");
  if (!input) return input.error();
  layer.input = *input;
  if (layer.kind == LayerKind::kAdd) {
    auto second = read_source(table, keys, "with");
    if (!second) return second.error();
    layer.second = *second;
  }
  read_numbers(keys, layer);
  if (auto done = keys.finish(); !done) return done;
  if (layer.kind == LayerKind::kConvolution && layer.out_channels == 0)
    return error("{}{} is a convolution and needs a number of channels, for example channels = 16.",
                 line_of(table), title());
  if (layer.kind == LayerKind::kAdd && !table.contains("with"))
    return error("{}{} is an add layer and needs a second layer to add; name an earlier one, as in with = \"NAME\".",
                 line_of(table), title());
  layers_.push_back(std::move(layer));
  return {};
}

void ListReader::choose_outputs() {
  const auto shown = [](const LayerSpec& layer) { return !layer.output.empty(); };
  if (std::ranges::any_of(layers_, shown)) return;
  const NetSpec net{.name = {}, .input = {}, .layers = layers_};
  for (int i = 0; i < static_cast<int>(layers_.size()); ++i) {
    LayerSpec& layer = layers_[static_cast<std::size_t>(i)];
    if (layer.kind == LayerKind::kGlobalAveragePool) layer.output = "average pool";
    if (layer.kind != LayerKind::kRelu && layer.kind != LayerKind::kRelu6) continue;
    int below = net.sources(i).front();
    while (below != NetSpec::kImage && layers_[static_cast<std::size_t>(below)].kind == LayerKind::kBatchNorm)
      below = net.sources(below).front();
    if (below == NetSpec::kImage) continue;
    const LayerSpec& maker = layers_[static_cast<std::size_t>(below)];
    if (maker.kind != LayerKind::kConvolution && maker.kind != LayerKind::kDepthwise &&
        maker.kind != LayerKind::kDense)
      continue;
    // "conv 1" for a name of ours, as the networks with a name have it; the scene's own as it stands.
    const std::string stem = entry_of(maker.kind).stem;
    const bool numbered =
        maker.name.starts_with(stem) && maker.name.size() > stem.size() &&
        std::ranges::all_of(maker.name.substr(stem.size()), [](char c) { return c >= '0' && c <= '9'; });
    layer.output = numbered ? stem + " " + maker.name.substr(stem.size()) : maker.name;
  }
}

Result<std::vector<LayerSpec>> ListReader::finish() {
  const NetSpec net{.name = {}, .input = {}, .layers = layers_};
  for (int i = 0; i < static_cast<int>(layers_.size()); ++i) {
    const LayerSpec& layer = layers_[static_cast<std::size_t>(i)];
    const bool last = i + 1 == static_cast<int>(layers_.size());
    if (!last && net.readers(i).empty())
      return error("{}: no other layer reads its output; name it in a from or with, or leave it out.",
                   layer.called());
    if (!last && layer.kind == LayerKind::kDense && layer.out_channels == 0)
      return error(
          "{} needs a number of units, for example units = 64; only the last layer has one for each class "
          "without saying so.",
          layer.called());
  }
  choose_outputs();
  return std::move(layers_);
}

}  // namespace

const std::vector<std::string>& layer_kind_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const KindName& entry : kKinds) all.emplace_back(entry.kind);
    return all;
  }();
  return names;
}

Result<std::vector<LayerSpec>> parse_layers(const std::vector<const toml::table*>& list) {
  if (list.empty()) return error("[network] layers is empty; list at least one layer, {{kind = \"dense\"}}.");
  if (list.size() > kMaxListedLayers)
    return error("[network] layers lists {} layers; at most {} are allowed, so remove some.", list.size(), kMaxListedLayers);
  ListReader reader;
  for (const toml::table* table : list)
    if (auto added = reader.add(*table); !added) return added.error();
  return reader.finish();
}

Result<NetSpec> listed_network(std::vector<LayerSpec> layers, TensorShape input, int classes) {
  NetSpec spec{"of the scene", input, classes, std::move(layers)};
  LayerSpec& last = spec.layers.back();
  if (last.kind == LayerKind::kDense && last.out_channels == 0) last.out_channels = classes;
  auto shapes = layer_shapes(spec);
  if (!shapes) return shapes.error();
  std::size_t values = input.floats();
  for (std::size_t i = 0; i < shapes->size(); ++i) {
    values += (*shapes)[i].floats();
    if (values > kMaxListedValues)
      return error(
          "{}: up to here one image takes {} numbers, more than the {} allowed; pool earlier or use fewer channels.",
          spec.layers[i].called(), values, kMaxListedValues);
  }
  const std::size_t parameters = ParamLayout::of(spec).parameters;
  if (parameters > kMaxListedParameters)
    return error("The network has {} parameters, more than the {} allowed; use fewer channels or units.", parameters,
                 kMaxListedParameters);
  return spec;
}

}  // namespace fl
