#include "trainer/net/layer_list.h"

#include <algorithm>

#include "trainer/base/nearest_name.h"
#include "trainer/base/printable.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace {

// A layer as the scene has it, with the names that stand for others.
struct ListedLayer {
  LayerSpec layer;
  std::string kind, from, with;
};
using LayerKey = Key<ListedLayer>;

constexpr int kMaxChannels = 4096, kMaxKernel = 512;
constexpr std::size_t kLongestName = 40;

template <typename Member>
auto in_layer(Member member) {
  return within(&ListedLayer::layer, member);
}

LayerKey kernel_key(const char* text) {
  return {"kernel", whole_number(1, kMaxKernel), in_layer(&LayerSpec::kernel), text};
}
LayerKey stride_key(std::string unset = "") {
  return {"stride", whole_number(1, kMaxKernel), in_layer(&LayerSpec::stride),
          "Pixels by which it moves on from one place to the next.", std::move(unset)};
}
LayerKey padding_key(std::string unset = "") {
  const auto less_than_kernel = [](const ListedLayer& listed) {
    auto type = whole_number(0, listed.layer.kernel - 1);
    type.range = "0 to `kernel` - 1";
    return type;
  };
  return {"padding", less_than_kernel, in_layer(&LayerSpec::padding),
          "Pixels added around the image on each side.", std::move(unset)};
}
LayerKey bias_key() {
  return {"bias", true_or_false(), in_layer(&LayerSpec::bias), "Adds a learnt number to each output."};
}

// What slides over the image and keeps its size unless told otherwise.
std::vector<LayerKey> sliding_keys() {
  return {kernel_key("Side of the kernels in pixels."),
          padding_key("half of `kernel` - 1, which keeps the size").otherwise([](ListedLayer& listed) {
            listed.layer.padding = (listed.layer.kernel - 1) / 2;
          }),
          stride_key(), bias_key()};
}

std::vector<LayerKey> pool_keys() {
  return {kernel_key("Side of that square in pixels."),
          stride_key("`kernel`").otherwise([](ListedLayer& listed) {
            listed.layer.stride = listed.layer.kernel;
          }),
          padding_key()};
}

std::vector<LayerKey> operator+(std::vector<LayerKey> first, std::vector<LayerKey> then) {
  first.insert(first.end(), std::make_move_iterator(then.begin()), std::make_move_iterator(then.end()));
  return first;
}

std::vector<LayerKey> common_keys() {
  const auto text = [](std::string range) {
    auto type = text_in_quotes();
    type.range = std::move(range);
    return type;
  };
  return {{"kind", text("one of those below"), &ListedLayer::kind, "What the layer is.", "must be given"},
          {"name", text(fmt::format("1 to {} letters, digits, dots, dashes or underscores", kLongestName)),
           in_layer(&LayerSpec::name), "What the layer and its saved weights are called.",
           "conv1, relu1, pool1, ..."},
          {"output", text(fmt::format("at most {} bytes", kLongestName)), in_layer(&LayerSpec::output),
           "The name under which the feature wall shows it. Where no layer has one, the wall shows each ReLU "
           "behind a "
           "layer with weights, and the average pool.",
           "none"},
          {"from", text("an earlier layer's name"), &ListedLayer::from, "The earlier layer that it reads.",
           "the one before"}};
}

struct Kind {
  std::string name;  // in a scene
  std::string stem;  // of a layer's own name: conv1, conv2
  LayerKind value;
  KeyTable<ListedLayer> keys;

  Kind(const char* kind, const char* name_stem, LayerKind layer_kind, const char* text,
       std::vector<LayerKey> own = {}, LayerSpec preset = {})
      : name(kind),
        stem(name_stem),
        value(layer_kind),
        keys(fmt::format("[network] layers, kind = \"{}\"", kind), text, common_keys() + std::move(own),
             ListedLayer{with_kind(std::move(preset), layer_kind), {}, {}, {}}) {}

 private:
  static LayerSpec with_kind(LayerSpec layer, LayerKind kind) {
    layer.kind = kind;
    return layer;
  }
};

const std::vector<Kind>& kinds() {
  using K = LayerKind;
  static const std::vector<Kind> all = {
      {"convolution",
       "conv",
       K::kConvolution,
       "Slides kernels over the image; each of them makes one channel.",
       std::vector<LayerKey>{{"channels", whole_number(1, kMaxChannels), in_layer(&LayerSpec::out_channels),
                              "Channels that come out.", "must be given"}} +
           sliding_keys(),
       {.kernel = 3, .padding = 1}},
      {"depthwise",
       "depthwise",
       K::kDepthwise,
       "A convolution with one kernel for each channel.",
       sliding_keys(),
       {.kernel = 3, .padding = 1}},
      {"dense",
       "dense",
       K::kDense,
       "Every output reads every input.",
       {{"units", whole_number(1, kMaxChannels), in_layer(&LayerSpec::out_channels), "Outputs.",
         "in the last layer the number of classes, else must be given"},
        bias_key()}},
      {"batch-norm",
       "norm",
       K::kBatchNorm,
       "Zero mean and unit variance over the batch, channel by channel, then a learnt scale and shift (Ioffe "
       "and "
       "Szegedy 2015). Behind a dense layer, or a pooling layer to 1 x 1, it needs batches of more than one "
       "image.",
       {{"epsilon", number(1e-12, 1), in_layer(&LayerSpec::epsilon), "Added to the variance."},
        {"momentum", number(0, 0.999999), in_layer(&LayerSpec::momentum),
         "What the running statistics, which evaluation uses, keep of themselves at each step."}}},
      {"relu", "relu", K::kRelu, "Zero in place of what is negative."},
      {"relu6", "relu", K::kRelu6, "The same, and 6 in place of what is above 6."},
      {"max-pool",
       "pool",
       K::kMaxPool,
       "Slides a square over the image and takes the largest value in it.",
       pool_keys(),
       {.kernel = 2, .stride = 2}},
      {"average-pool",
       "pool",
       K::kAveragePool,
       "The same with the mean; padded pixels are not counted.",
       pool_keys(),
       {.kernel = 2, .stride = 2}},
      {"global-average-pool", "gap", K::kGlobalAveragePool, "The mean of each channel."},
      {"add",
       "add",
       K::kAdd,
       "The sum of two layers of the same shape, as in residual networks (He et al. 2016).",
       {{"with", text_in_quotes(), &ListedLayer::with, "The earlier layer that is added.", "must be given"}}},
      {"dropout",
       "dropout",
       K::kDropout,
       "Sets values to zero at random while training (Srivastava et al. 2014).",
       {{"rate", number(0, kMaxDropout), in_layer(&LayerSpec::rate), "Share of the values."}}},
  };
  return all;
}

const Kind& entry_of(LayerKind kind) {
  return *std::ranges::find(kinds(), kind, &Kind::value);
}

// The list as it is read: each layer sees those before it.
class ListReader {
 public:
  Result<void> add(const toml::table& table);
  // What only the whole list can say.
  Result<std::vector<LayerSpec>> finish();

 private:
  Result<const Kind*> read_kind(const toml::table& table) const;
  Result<void> check_name(const toml::table& table, const LayerSpec& layer) const;
  // The index of the earlier layer that `key` names; kPrevious where the key is absent.
  Result<int> find_source(const toml::table& table, const char* key, const std::string& name) const;
  [[nodiscard]] std::string title() const { return fmt::format("[network] layer {}", layers_.size() + 1); }
  [[nodiscard]] std::string own_name(LayerKind kind) const;
  void choose_outputs();

  std::vector<LayerSpec> layers_;
};

std::string ListReader::own_name(LayerKind kind) const {
  const std::string& stem = entry_of(kind).stem;
  const auto before = std::ranges::count_if(
      layers_, [&](const LayerSpec& layer) { return entry_of(layer.kind).stem == stem; });
  return stem + std::to_string(before + 1);
}

Result<const Kind*> ListReader::read_kind(const toml::table& table) const {
  const toml::node* node = table.get("kind");
  if (node == nullptr)
    return error("{}{} has no kind; add one, for example kind = \"convolution\".", line_of(table), title());
  const std::string name = node->value_exact<std::string>().value_or("");
  const auto found = std::ranges::find(kinds(), name, &Kind::name);
  if (found == kinds().end())
    return error("{}{} has the unknown kind \"{}\"; {}", line_of(*node), title(), printable(name),
                 suggestion(name, layer_kind_names()));
  return &*found;
}

Result<void> ListReader::check_name(const toml::table& table, const LayerSpec& layer) const {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  };
  if (layer.name.empty() || layer.name.size() > kLongestName || !std::ranges::all_of(layer.name, fits))
    return error(
        "{}{} name must be 1 to {} letters, digits, dots, dashes or underscores, because its saved weights "
        "take that name.",
        line_of(table), title(), kLongestName);
  if (layer.output.size() > kLongestName)
    return error("{}{} output must be at most {} bytes long, to fit on the feature wall.", line_of(table),
                 title(), kLongestName);
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
  const auto kind = read_kind(table);
  if (!kind) return kind.error();
  ListedLayer listed = (*kind)->keys.preset();
  LayerSpec& layer = listed.layer;
  layer.line = static_cast<int>(table.source().begin.line);
  layer.name = own_name(layer.kind);
  if (auto read = (*kind)->keys.read(&table, listed, title()); !read) return read;
  if (auto good = check_name(table, layer); !good) return good;
  auto input = find_source(table, "from", listed.from), second = find_source(table, "with", listed.with);
  if (!input) return input.error();
  if (!second) return second.error();
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
    for (const Kind& kind : kinds()) all.push_back(kind.name);
    return all;
  }();
  return names;
}

Result<std::vector<LayerSpec>> parse_layers(const std::vector<const toml::table*>& list) {
  if (list.empty()) return error("[network] layers is empty; list at least one layer, {{kind = \"dense\"}}.");
  if (list.size() > kMaxListedLayers)
    return error("[network] layers lists {} layers; at most {} are allowed, so remove some.", list.size(),
                 kMaxListedLayers);
  ListReader reader;
  for (const toml::table* table : list)
    if (auto added = reader.add(*table); !added) return added.error();
  return reader.finish();
}

toml::array write_layers(const std::vector<LayerSpec>& layers) {
  toml::array list;
  for (const LayerSpec& layer : layers) {
    const Kind& kind = entry_of(layer.kind);
    const auto name_of = [&](int index) {
      return index == LayerSpec::kPrevious ? std::string() : layers[static_cast<std::size_t>(index)].name;
    };
    list.push_back(kind.keys.write({layer, kind.name, name_of(layer.input), name_of(layer.second)}));
  }
  return list;
}

std::vector<TableText> layer_tables() {
  const auto common = common_keys().size();
  std::vector<TableText> tables = {
      {"[network] layers",
       fmt::format("What every layer may have. A list has at most {} layers and {} million parameters.",
                   kMaxListedLayers, kMaxListedParameters / 1'000'000),
       kinds().front().keys.describe().keys}};
  tables.front().keys.resize(common);
  for (const Kind& kind : kinds()) {
    tables.push_back(kind.keys.describe());
    tables.back().keys.erase(tables.back().keys.begin(),
                             tables.back().keys.begin() + static_cast<std::ptrdiff_t>(common));
  }
  return tables;
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
          "{}: up to here one image takes {} numbers, more than the {} allowed; pool earlier or use fewer "
          "channels.",
          spec.layers[i].called(), values, kMaxListedValues);
  }
  const std::size_t parameters = ParamLayout::of(spec).parameters;
  if (parameters > kMaxListedParameters)
    return error("The network has {} parameters, more than the {} allowed; use fewer channels or units.",
                 parameters, kMaxListedParameters);
  return spec;
}

}  // namespace fl
