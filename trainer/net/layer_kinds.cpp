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
KeyType<int> less_than_kernel(const ListedLayer& listed) {
  auto type = whole_number(0, listed.layer.kernel - 1);
  type.range = "0 to `kernel` - 1";
  return type;
}
LayerKey padding_key(std::string unset = "") {
  return {"padding", less_than_kernel, in_layer(&LayerSpec::padding),
          "Pixels added around the image on each side.", std::move(unset)};
}
LayerKey padding_end_key() {
  return {"padding_end", less_than_kernel, in_layer(&LayerSpec::padding_end),
          "Pixels added below and to the right, where they are not as many as above and to the left.",
          "`padding`"};
}
LayerKey frozen_key(const char* text = "Training leaves the layer's weights as they begin.") {
  return {"frozen", true_or_false(), in_layer(&LayerSpec::frozen), text};
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
          padding_end_key(),
          stride_key(),
          bias_key(),
          frozen_key()};
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

Result<TensorShape> window_shape(const LayerSpec& layer, TensorShape in, int channels) {
  const int before = layer.padding, after = layer.end_padding();
  if (layer.kernel < 1 || layer.stride < 1 || before < 0 || before >= layer.kernel || after < 0 ||
      after >= layer.kernel)
    return error("{}: kernel and stride must be positive, and the padding smaller than the kernel.",
                 layer.called());
  const int height = in.height + before + after - layer.kernel;
  const int width = in.width + before + after - layer.kernel;
  if (height < 0 || width < 0)
    return error("{}: its {}x{} kernel is larger than its {}x{} input; use a larger image_size.",
                 layer.called(), layer.kernel, layer.kernel, in.height, in.width);
  return TensorShape{channels, height / layer.stride + 1, width / layer.stride + 1};
}

using Shape = Result<TensorShape>;

Shape same_shape(const LayerSpec&, TensorShape in, TensorShape) {
  return in;
}

Shape window_of_same_channels(const LayerSpec& layer, TensorShape in, TensorShape) {
  return window_shape(layer, in, in.channels);
}

Shape convolution_shape(const LayerSpec& layer, TensorShape in, TensorShape) {
  if (layer.out_channels < 1) return error("{}: it needs at least one output channel.", layer.called());
  return window_shape(layer, in, layer.out_channels);
}

Shape one_pixel(const LayerSpec&, TensorShape in, TensorShape) {
  return TensorShape{in.channels, 1, 1};
}

Shape dense_shape(const LayerSpec& layer, TensorShape, TensorShape) {
  if (layer.out_channels < 1) return error("{}: it needs at least one output.", layer.called());
  return TensorShape{layer.out_channels, 1, 1};
}

Shape norm_shape(const LayerSpec& layer, TensorShape in, TensorShape) {
  if (!(layer.epsilon > 0) || !(layer.momentum >= 0 && layer.momentum < 1))
    return error("{}: epsilon must be positive, and momentum at least 0 and less than 1.", layer.called());
  return in;
}

Shape sum_shape(const LayerSpec& layer, TensorShape in, TensorShape second) {
  if (in != second)
    return error("{}: it cannot add {}x{}x{} to {}x{}x{}; make both the same shape.", layer.called(),
                 in.channels, in.height, in.width, second.channels, second.height, second.width);
  return in;
}

Shape dropout_shape(const LayerSpec& layer, TensorShape in, TensorShape) {
  if (!(layer.rate >= 0 && layer.rate < 1))
    return error("{}: the dropout rate must be at least 0 and less than 1.", layer.called());
  return in;
}

Shape part_shape(const LayerSpec& layer, TensorShape in, TensorShape) {
  const TensorShape& part = layer.part;
  if (part.channels < 1 || part.height < 1 || part.width < 1 || layer.begin > in.floats() ||
      part.floats() > in.floats() - layer.begin)
    return error("{}: an image of {} numbers has no {} behind its first {}.", layer.called(), in.floats(),
                 part.floats(), layer.begin);
  return part;
}

LayerTensors no_tensors(const LayerSpec&, TensorShape) {
  return {};
}

LayerTensors weight_and_bias(const LayerSpec& layer, std::vector<int> shape, int fan_in, int fan_out) {
  const auto make = [&](const char* name, ParamKind kind, std::vector<int> extents) {
    return ParamTensor{
        .name = name, .kind = kind, .shape = std::move(extents), .fan_in = fan_in, .fan_out = fan_out};
  };
  LayerTensors tensors;
  tensors.trained.push_back(make(".weight", ParamKind::kWeight, shape));
  if (layer.bias) tensors.trained.push_back(make(".bias", ParamKind::kBias, {shape.front()}));
  return tensors;
}

LayerTensors convolution_tensors(const LayerSpec& layer, TensorShape in) {
  const int area = layer.kernel * layer.kernel;
  return weight_and_bias(layer, {layer.out_channels, in.channels, layer.kernel, layer.kernel},
                         in.channels * area, layer.out_channels * area);
}

LayerTensors depthwise_tensors(const LayerSpec& layer, TensorShape in) {
  const int area = layer.kernel * layer.kernel;
  return weight_and_bias(layer, {in.channels, 1, layer.kernel, layer.kernel}, area, area);
}

LayerTensors dense_tensors(const LayerSpec& layer, TensorShape in) {
  const int inputs = static_cast<int>(in.floats());
  return weight_and_bias(layer, {layer.out_channels, inputs}, inputs, layer.out_channels);
}

LayerTensors norm_tensors(const LayerSpec&, TensorShape in) {
  const auto make = [&](const char* name, ParamKind kind) {
    return ParamTensor{.name = name, .kind = kind, .shape = {in.channels}};
  };
  return {.trained = {make(".scale", ParamKind::kScale), make(".shift", ParamKind::kShift)},
          .statistics = {make(".mean", ParamKind::kShift), make(".variance", ParamKind::kScale)}};
}

struct LayerMath {
  decltype(ListedKind::shape) shape = same_shape;
  decltype(ListedKind::tensors) tensors = no_tensors;
  bool reads_rows = true, makes_rows = false;
};

ListedKind row(const char* name, const char* stem, LayerKind kind, const char* text, LayerMath math,
               std::vector<LayerKey> own = {}, LayerSpec preset = {}) {
  preset.kind = kind;
  return {name,
          stem,
          KeyTable<ListedLayer>(fmt::format("[network] layers, kind = \"{}\"", name), text,
                                common_keys() + std::move(own), ListedLayer{std::move(preset), {}, {}, {}}),
          math.shape,
          math.tensors,
          math.reads_rows,
          math.makes_rows};
}

}  // namespace

const std::vector<ListedKind>& listed_kinds() {
  using K = LayerKind;
  static const std::vector<ListedKind> all = {
      row("convolution", "conv", K::kConvolution,
          "Slides kernels over the image; each of them makes one channel.",
          {convolution_shape, convolution_tensors, false},
          std::vector<LayerKey>{{"channels", whole_number(1, kMaxChannels),
                                 in_layer(&LayerSpec::out_channels), "Channels that come out.",
                                 "must be given"}} +
              sliding_keys(),
          {.kernel = 3, .padding = 1}),
      row("depthwise", "depthwise", K::kDepthwise, "A convolution with one kernel for each channel.",
          {window_of_same_channels, depthwise_tensors, false}, sliding_keys(), {.kernel = 3, .padding = 1}),
      row("dense", "dense", K::kDense, "Every output reads every input.",
          {dense_shape, dense_tensors, true, true},
          {{"units", whole_number(1, kMaxChannels), in_layer(&LayerSpec::out_channels), "Outputs.",
            "in the last layer the number of classes, else must be given"},
           bias_key(),
           frozen_key()}),
      row("batch-norm", "norm", K::kBatchNorm,
          "Zero mean and unit variance over the batch, channel by channel, then a learnt scale and shift "
          "(Ioffe and Szegedy 2015). Behind a dense layer, or a pooling layer to 1 x 1, it needs batches of "
          "more than one image.",
          {norm_shape, norm_tensors},
          {{"epsilon", number(1e-12, 1), in_layer(&LayerSpec::epsilon), "Added to the variance."},
           {"momentum", number(0, 0.999999), in_layer(&LayerSpec::momentum),
            "What the running statistics, which evaluation uses, keep of themselves at each step."},
           frozen_key(
               "Training leaves scale, shift and the running statistics as they are, and uses the latter.")}),
      row("relu", "relu", K::kRelu, "Zero in place of what is negative.", {}),
      row("relu6", "relu", K::kRelu6, "The same, and 6 in place of what is above 6.", {}),
      row("max-pool", "pool", K::kMaxPool,
          "Slides a square over the image and takes the largest value in it.",
          {.shape = window_of_same_channels, .reads_rows = false}, pool_keys(), {.kernel = 2, .stride = 2}),
      row("average-pool", "pool", K::kAveragePool, "The same with the mean; padded pixels are not counted.",
          {.shape = window_of_same_channels, .reads_rows = false}, pool_keys(), {.kernel = 2, .stride = 2}),
      row("global-average-pool", "gap", K::kGlobalAveragePool, "The mean of each channel.",
          {.shape = one_pixel, .reads_rows = false}),
      row("add", "add", K::kAdd,
          "The sum of two layers of the same shape, as in residual networks (He et al. 2016).",
          {.shape = sum_shape},
          {{"with", text_in_quotes(), &ListedLayer::with, "The earlier layer that is added.",
            "must be given"}}),
      row("dropout", "dropout", K::kDropout,
          "Sets values to zero at random while training (Srivastava et al. 2014).", {.shape = dropout_shape},
          {{"rate", number(0, kMaxDropout), in_layer(&LayerSpec::rate), "Share of the values."}}),
  };
  return all;
}

const ListedKind& listed_kind(LayerKind kind) {
  static const ListedKind part =
      row("part", "part", LayerKind::kPart, "Some of an image's numbers.", {.shape = part_shape});
  if (kind == LayerKind::kPart) return part;
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
