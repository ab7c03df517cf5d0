#include "trainer/net/layer_kinds.h"

#include <algorithm>

#include "trainer/net/layer_list.h"

namespace fl {
namespace {

using LayerKey = Key<ListedLayer>;

constexpr int kMaxChannels = 4096, kMaxKernel = 512;

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
  return {
      {"kind", text("one of those below"), &ListedLayer::kind, "What the layer is.", "must be given"},
      {"name", text(fmt::format("1 to {} letters, digits, dots, dashes or underscores", kLongestLayerName)),
       in_layer(&LayerSpec::name), "What the layer and its saved weights are called.",
       "conv1, relu1, pool1, ..."},
      {"output", text(fmt::format("at most {} bytes", kLongestLayerName)), in_layer(&LayerSpec::output),
       "The name under which the feature wall shows it. Where no layer has one, the wall shows each ReLU "
       "behind a layer with weights, and the average pool.",
       "none"},
      {"from", text("an earlier layer's name"), &ListedLayer::from, "The earlier layer that it reads.",
       "the one before"}};
}

ListedKind row(const char* name, const char* stem, LayerKind kind, const char* text,
               std::vector<LayerKey> own = {}, LayerSpec preset = {}) {
  preset.kind = kind;
  return {name, stem,
          KeyTable<ListedLayer>(fmt::format("[network] layers, kind = \"{}\"", name), text,
                                common_keys() + std::move(own), ListedLayer{std::move(preset), {}, {}, {}})};
}

}  // namespace

const std::vector<ListedKind>& listed_kinds() {
  using K = LayerKind;
  static const std::vector<ListedKind> all = {
      row("convolution", "conv", K::kConvolution,
          "Slides kernels over the image; each of them makes one channel.",
          std::vector<LayerKey>{{"channels", whole_number(1, kMaxChannels),
                                 in_layer(&LayerSpec::out_channels), "Channels that come out.",
                                 "must be given"}} +
              sliding_keys(),
          {.kernel = 3, .padding = 1}),
      row("depthwise", "depthwise", K::kDepthwise, "A convolution with one kernel for each channel.",
          sliding_keys(), {.kernel = 3, .padding = 1}),
      row("dense", "dense", K::kDense, "Every output reads every input.",
          {{"units", whole_number(1, kMaxChannels), in_layer(&LayerSpec::out_channels), "Outputs.",
            "in the last layer the number of classes, else must be given"},
           bias_key()}),
      row("batch-norm", "norm", K::kBatchNorm,
          "Zero mean and unit variance over the batch, channel by channel, then a learnt scale and shift "
          "(Ioffe and Szegedy 2015). Behind a dense layer, or a pooling layer to 1 x 1, it needs batches of "
          "more than one image.",
          {{"epsilon", number(1e-12, 1), in_layer(&LayerSpec::epsilon), "Added to the variance."},
           {"momentum", number(0, 0.999999), in_layer(&LayerSpec::momentum),
            "What the running statistics, which evaluation uses, keep of themselves at each step."}}),
      row("relu", "relu", K::kRelu, "Zero in place of what is negative."),
      row("relu6", "relu", K::kRelu6, "The same, and 6 in place of what is above 6."),
      row("max-pool", "pool", K::kMaxPool,
          "Slides a square over the image and takes the largest value in it.", pool_keys(),
          {.kernel = 2, .stride = 2}),
      row("average-pool", "pool", K::kAveragePool, "The same with the mean; padded pixels are not counted.",
          pool_keys(), {.kernel = 2, .stride = 2}),
      row("global-average-pool", "gap", K::kGlobalAveragePool, "The mean of each channel."),
      row("add", "add", K::kAdd,
          "The sum of two layers of the same shape, as in residual networks (He et al. 2016).",
          {{"with", text_in_quotes(), &ListedLayer::with, "The earlier layer that is added.",
            "must be given"}}),
      row("dropout", "dropout", K::kDropout,
          "Sets values to zero at random while training (Srivastava et al. 2014).",
          {{"rate", number(0, kMaxDropout), in_layer(&LayerSpec::rate), "Share of the values."}}),
  };
  return all;
}

const ListedKind& listed_kind(LayerKind kind) {
  return *std::ranges::find(listed_kinds(), kind, &ListedKind::kind);
}

const std::vector<std::string>& layer_kind_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const ListedKind& kind : listed_kinds()) all.push_back(kind.name);
    return all;
  }();
  return names;
}

std::vector<TableText> layer_tables() {
  const auto common = common_keys().size();
  std::vector<TableText> tables = {
      {"[network] layers",
       fmt::format("What every layer may have. A list has at most {} layers and {} million parameters.",
                   kMaxListedLayers, kMaxListedParameters / 1'000'000),
       listed_kinds().front().keys.describe().keys}};
  tables.front().keys.resize(common);
  for (const ListedKind& kind : listed_kinds()) {
    tables.push_back(kind.keys.describe());
    tables.back().keys.erase(tables.back().keys.begin(),
                             tables.back().keys.begin() + static_cast<std::ptrdiff_t>(common));
  }
  return tables;
}

}  // namespace fl
