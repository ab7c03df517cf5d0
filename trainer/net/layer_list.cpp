#include "trainer/net/layer_list.h"

#include <algorithm>

#include "trainer/base/nearest_name.h"
#include "trainer/base/printable.h"
#include "trainer/net/layer_kinds.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace {

// The list as it is read: each layer sees those before it.
class ListReader {
 public:
  Result<void> add(const toml::table& table);
  // What only the whole list can say.
  Result<std::vector<LayerSpec>> finish();

 private:
  Result<const ListedKind*> read_kind(const toml::table& table) const;
  Result<void> check_name(const toml::table& table, const LayerSpec& layer) const;
  // The index of the earlier layer that `key` names; kPrevious where the key is absent.
  Result<int> find_source(const toml::table& table, const char* key, const std::string& name) const;
  [[nodiscard]] std::string title() const { return fmt::format("[network] layer {}", layers_.size() + 1); }
  [[nodiscard]] std::string own_name(LayerKind kind) const;
  void choose_outputs();

  std::vector<LayerSpec> layers_;
};

std::string ListReader::own_name(LayerKind kind) const {
  const std::string& stem = listed_kind(kind).stem;
  const auto before = std::ranges::count_if(
      layers_, [&](const LayerSpec& layer) { return listed_kind(layer.kind).stem == stem; });
  return stem + std::to_string(before + 1);
}

Result<const ListedKind*> ListReader::read_kind(const toml::table& table) const {
  const toml::node* node = table.get("kind");
  if (node == nullptr)
    return error("{}{} has no kind; add one, for example kind = \"convolution\".", line_of(table), title());
  const std::string name = node->value_exact<std::string>().value_or("");
  const auto found = std::ranges::find(listed_kinds(), name, &ListedKind::name);
  if (found == listed_kinds().end())
    return error("{}{} has the unknown kind \"{}\"; {}", line_of(*node), title(), printable(name),
                 suggestion(name, layer_kind_names()));
  return &*found;
}

Result<void> ListReader::check_name(const toml::table& table, const LayerSpec& layer) const {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (layer.name.empty() || layer.name.size() > kLongestLayerName || !std::ranges::all_of(layer.name, fits))
    return error(
        "{}{} name must be 1 to {} letters, digits, dots, dashes or underscores, because its saved weights "
        "take that name.",
        line_of(table), title(), kLongestLayerName);
  if (layer.output.size() > kLongestLayerName)
    return error("{}{} output must be at most {} bytes long, to fit on the feature wall.", line_of(table),
                 title(), kLongestLayerName);
  const auto twin = std::ranges::find(layers_, layer.name, &LayerSpec::name);
  if (twin != layers_.end())
    return error("{}{} is called {}, and so is layer {}; give one of them another name.", line_of(table),
                 title(), layer.name, twin - layers_.begin() + 1);
  return {};
}

Result<int> ListReader::find_source(const toml::table& table, const char* key,
                                    const std::string& name) const {
  const toml::node* node = table.get(key);
  if (node == nullptr) return LayerSpec::kPrevious;
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

Result<void> ListReader::add(const toml::table& table) {
  FL_TRY_LET(kind, read_kind(table));
  ListedLayer listed = (*kind)->keys.preset();
  LayerSpec& layer = listed.layer;
  layer.line = static_cast<int>(table.source().begin.line);
  layer.name = own_name(layer.kind);
  if (auto read = (*kind)->keys.read(&table, listed, title()); !read) return read;
  if (auto good = check_name(table, layer); !good) return good;
  FL_TRY_LET(input, find_source(table, "from", listed.from));
  FL_TRY_LET(second, find_source(table, "with", listed.with));
  layer.input = *input;
  layer.second = *second;
  if (layer.kind == LayerKind::kConvolution && layer.out_channels == 0)
    return error("{}{} is a convolution and needs a number of channels, for example channels = 16.",
                 line_of(table), title());
  if (layer.kind == LayerKind::kAdd && !table.contains("with"))
    return error(
        "{}{} is an add layer and needs a second layer to add; name an earlier one, as in with = \"NAME\".",
        line_of(table), title());
  layers_.push_back(layer);
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
    const std::string stem = listed_kind(maker.kind).stem;
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

Result<std::vector<LayerSpec>> parse_layers(const std::vector<const toml::table*>& list) {
  if (list.empty()) return error("[network] layers is empty; list at least one layer, {{kind = \"dense\"}}.");
  if (list.size() > kMaxListedLayers)
    return error("[network] layers lists {} layers; at most {} are allowed, so remove some.", list.size(),
                 kMaxListedLayers);
  ListReader reader;
  for (const toml::table* table : list) FL_TRY(reader.add(*table));
  return reader.finish();
}

toml::array write_layers(const std::vector<LayerSpec>& layers) {
  toml::array list;
  for (const LayerSpec& layer : layers) {
    const ListedKind& kind = listed_kind(layer.kind);
    const auto name_of = [&](int index) {
      return index == LayerSpec::kPrevious ? std::string() : layers[static_cast<std::size_t>(index)].name;
    };
    list.push_back(kind.keys.write({layer, kind.name, name_of(layer.input), name_of(layer.second)}));
  }
  return list;
}

Result<NetSpec> listed_network(std::vector<LayerSpec> layers, TensorShape input, int classes) {
  NetSpec spec{"of the scene", input, classes, std::move(layers)};
  LayerSpec& last = spec.layers.back();
  if (last.kind == LayerKind::kDense && last.out_channels == 0) last.out_channels = classes;
  FL_TRY_LET(shapes, layer_shapes(spec));
  std::size_t values = input.floats();
  for (std::size_t i = 0; i < shapes->size(); ++i) {
    values += (*shapes)[i].floats();
    if (values > kMaxListedValues)
      return error(
          "{}: up to here one image takes {} numbers, more than the {} allowed; pool earlier or use fewer "
          "channels.",
          spec.layers[i].called(), values, kMaxListedValues);
  }
  const ParamLayout layout = ParamLayout::of(spec);
  if (layout.floats == 0 && layout.all_floats > 0)
    return error(
        "All layers with weights are frozen, so there is nothing to train; take \"frozen\" from one of "
        "them.");
  const std::size_t parameters = layout.parameters;
  if (parameters > kMaxListedParameters)
    return error("The network has {} parameters, more than the {} allowed; use fewer channels or units.",
                 parameters, kMaxListedParameters);
  return spec;
}

}  // namespace fl
