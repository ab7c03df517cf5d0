#include "trainer/backbone/network_maker.h"

#include <algorithm>
#include <cmath>

#include "trainer/net/layer_kinds.h"
#include "trainer/net/layer_list.h"

namespace fl::tfjs {
namespace {

constexpr int kMaxTfKernel = 64, kMaxTfChannels = 1 << 16;

bool is_convolution(LayerKind kind) {
  return kind == LayerKind::kConvolution || kind == LayerKind::kDepthwise;
}

// From [rows][columns][in][out], `in_first` of a dense layer's [in][out], to ours: [out][in][rows][columns].
std::vector<double> output_first(const TfTensor& kernel, std::size_t area, std::size_t in, std::size_t out) {
  std::vector<double> weights(kernel.values.size());
  for (std::size_t p = 0; p < area; ++p)
    for (std::size_t i = 0; i < in; ++i)
      for (std::size_t o = 0; o < out; ++o)
        weights[(o * in + i) * area + p] = static_cast<double>(kernel.values[(p * in + i) * out + o]);
  return weights;
}

}  // namespace

const std::vector<NetworkMaker::Kind>& NetworkMaker::kinds() {
  using N = NetworkMaker;
  static const std::vector<Kind> all = {
      {"ZeroPadding2D", &N::add_padding},
      {"Conv2D", &N::add_convolution},
      {"DepthwiseConv2D", &N::add_convolution},
      {"BatchNormalization", &N::add_norm},
      {"BatchNormalizationV1", &N::add_norm},
      {"ReLU", &N::add_relu},
      {"Activation", &N::add_named_activation},
      {"Add", &N::add_sum},
      {"GlobalAveragePooling2D", &N::add_average},
      {"MaxPooling2D", &N::add_pool},
      {"AveragePooling2D", &N::add_pool},
      {"UpSampling2D", &N::add_enlargement},
      {"Flatten", &N::add_flat},
      {"Reshape", &N::add_shape},
      {"Dense", &N::add_dense},
      {"Dropout", &N::pass_on},
  };
  return all;
}

Result<Output> NetworkMaker::add(const TfLayer& layer) {
  if (layer.inputs.size() != (layer.kind == "Add" ? 2 : 1)) return unknown(layer, "a number of inputs");
  const auto kind = std::ranges::find(kinds(), layer.kind, [](const Kind& k) { return std::string(k.name); });
  if (kind == kinds().end()) return unknown(layer, fmt::format("the kind {}", printable(layer.kind, 40)));
  if (ended_) return unknown(layer, "a place behind the softmax");
  for (std::size_t i = 0; i < layer.inputs.size(); ++i)
    if (const Output from = input_of(layer, i); from.enlarged > 1 && layer.kind != "AveragePooling2D")
      return unknown(layer, "an enlarged image as its input");
    else if (const TensorShape in = shape_of(from.layer);
             from.flat && in.height * in.width > 1 && layer.kind != "Dense" && layer.kind != "Dropout")
      return unknown(layer, "a flattened image as its input");
  return (this->*kind->add)(layer);
}

std::string NetworkMaker::free_name(const TfLayer& layer, LayerKind kind) {
  std::string name = layer.name;
  for (char& c : name)
    if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && c != '.' && c != '-')
      c = '_';
  const std::string stem = listed_kind(kind).stem;
  for (int number = 1; name.empty() || name.size() > kLongestLayerName || names_.contains(name); ++number)
    name = fmt::format("{}{}", stem, number);
  names_.insert(name);
  return name;
}

Result<Output> NetworkMaker::make(const TfLayer& from, LayerSpec spec, std::vector<double> weights,
                                  std::vector<double> bias) {
  for (const int source :
       spec.kind == LayerKind::kAdd ? std::vector{spec.input, spec.second} : std::vector{spec.input})
    // -1 is the layer before, and the image only where there is none.
    if (source == NetSpec::kImage && !made_.empty())
      return unknown(from, "a way around the layers before it");
  const ListedKind& kind = listed_kind(spec.kind);
  spec.name = free_name(from, spec.kind);
  const auto shape = kind.shape(spec, shape_of(spec.input),
                                shape_of(spec.kind == LayerKind::kAdd ? spec.second : spec.input));
  if (!shape) return error("{} does not fit together: {}", file_, shape.error().message);
  values_ += shape->floats();
  if (values_ > kMaxListedValues)
    return error("{} takes more than {} million numbers for one image; open a smaller model.", file_,
                 kMaxListedValues / 1'000'000);
  made_.push_back({std::move(spec), *shape, std::move(weights), std::move(bias)});
  return Output{static_cast<int>(made_.size()) - 1};
}

Result<const TfTensor*> NetworkMaker::tensor(const TfLayer& layer, const char* suffix,
                                             const std::vector<int>& shape) const {
  const std::string name = layer.name + "/" + suffix;
  const auto found = weights_.find(name);
  if (found == weights_.end())
    return error("{} has no weights called {}, though its layers ask for them; export the model again.",
                 file_, printable(name, 80));
  if (found->second.shape != shape)
    return error("The weights {} in {} are {}, but the layer has {}; export the model again.",
                 printable(name, 80), file_, fmt::join(found->second.shape, " x "), fmt::join(shape, " x "));
  return &found->second;
}

Result<std::vector<double>> NetworkMaker::vector_of(const TfLayer& layer, const char* suffix,
                                                    int values) const {
  FL_TRY_LET(found, tensor(layer, suffix, {values}));
  return std::vector<double>((*found)->values.begin(), (*found)->values.end());
}

Result<Output> NetworkMaker::add_padding(const TfLayer& layer) {
  const Json* padding = layer.find("padding");
  const Json::Array* sides = padding != nullptr ? padding->array() : nullptr;
  if (sides == nullptr || sides->size() != 2 || (*sides)[0] != (*sides)[1] ||
      (*sides)[0].array() == nullptr || (*sides)[0].array()->size() != 2)
    return unknown(layer, "a padding");
  const auto before = whole_in(&(*sides)[0][0], 0, kMaxTfKernel),
             after = whole_in(&(*sides)[0][1], 0, kMaxTfKernel);
  Output output = input_of(layer);
  if (!before || !after || output.before + output.after > 0) return unknown(layer, "a padding");
  output.before = *before;
  output.after = *after;
  return output;
}

// Kernel, stride and padding. TensorFlow's "same" gives ceil(size / stride) outputs, with the odd pixel of
// the padding at the end.
Result<void> NetworkMaker::read_window(const TfLayer& layer, Output input, const char* side,
                                       LayerSpec& spec) const {
  const auto kernel = layer.pair(side, 1, kMaxTfKernel);
  const auto stride = layer.pair("strides", 1, kMaxTfKernel);
  if (!kernel || !stride) return unknown(layer, "a kernel or strides");
  if (layer.find("dilation_rate") != nullptr && layer.pair("dilation_rate", 1, 1) != 1)
    return unknown(layer, "a dilation");
  if (layer.text("data_format", "channels_last") != "channels_last")
    return unknown(layer, "an order of channels");
  spec.kernel = *kernel;
  spec.stride = *stride;
  spec.padding = input.before;
  spec.padding_end = input.after;
  const std::string padding = layer.text("padding", "valid");
  if (padding == "same") {
    const TensorShape in = shape_of(input.layer);
    if (in.height != in.width || input.before + input.after > 0) return unknown(layer, "a padding");
    const int outputs = (in.height + *stride - 1) / *stride;
    const int zeros = std::max(0, (outputs - 1) * *stride + *kernel - in.height);
    spec.padding = zeros / 2;
    spec.padding_end = zeros - zeros / 2;
  } else if (padding != "valid") {
    return unknown(layer, "a padding");
  }
  if (spec.padding_end == spec.padding) spec.padding_end = LayerSpec::kAsPadding;
  return {};
}

Result<Output> NetworkMaker::add_convolution(const TfLayer& layer) {
  const bool depthwise = layer.kind == "DepthwiseConv2D";
  const Output input = input_of(layer);
  const TensorShape in = shape_of(input.layer);
  LayerSpec spec{.kind = depthwise ? LayerKind::kDepthwise : LayerKind::kConvolution, .input = input.layer};
  FL_TRY(read_window(layer, input, "kernel_size", spec));
  const std::size_t area = size(spec.kernel) * size(spec.kernel);
  std::vector<double> weights;
  int channels = in.channels;
  if (depthwise) {
    if (layer.whole("depth_multiplier", 1, 1) != 1) return unknown(layer, "a depth multiplier");
    FL_TRY_LET(kernel, tensor(layer, "depthwise_kernel", {spec.kernel, spec.kernel, in.channels, 1}));
    weights = output_first(**kernel, area, 1, size(in.channels));
  } else {
    const auto filters = layer.whole("filters", 1, kMaxTfChannels);
    if (!filters) return unknown(layer, "a number of filters");
    if (layer.find("groups") != nullptr && layer.whole("groups", 1, 1) != 1) return unknown(layer, "groups");
    FL_TRY_LET(kernel, tensor(layer, "kernel", {spec.kernel, spec.kernel, in.channels, *filters}));
    weights = output_first(**kernel, area, size(in.channels), size(*filters));
    spec.out_channels = channels = *filters;
  }
  std::vector<double> bias(size(channels), 0.0);
  if (layer.flag("use_bias", true)) {
    FL_TRY_LET(own, vector_of(layer, "bias", channels));
    bias = *std::move(own);
  }
  FL_TRY_LET(made, make(layer, spec, std::move(weights), std::move(bias)));
  return activate(layer, layer.text("activation", "linear"), *made);
}

// With factor = gamma / sqrt(variance + epsilon).
Result<NetworkMaker::Norm> NetworkMaker::read_norm(const TfLayer& layer, int channels) const {
  const Json* epsilon = layer.find("epsilon");
  const auto added = epsilon != nullptr ? epsilon->number() : 0.001;
  if (!added || !(*added > 0)) return unknown(layer, "an epsilon");
  Norm norm{{}, std::vector<double>(size(channels), 1.0), std::vector<double>(size(channels), 0.0)};
  if (layer.flag("scale", true)) {
    FL_TRY_LET(own, vector_of(layer, "gamma", channels));
    norm.factor = *std::move(own);
  }
  if (layer.flag("center", true)) {
    FL_TRY_LET(own, vector_of(layer, "beta", channels));
    norm.beta = *std::move(own);
  }
  FL_TRY_LET(mean, vector_of(layer, "moving_mean", channels));
  FL_TRY_LET(variance, vector_of(layer, "moving_variance", channels));
  norm.mean = *std::move(mean);
  for (std::size_t c = 0; c < size(channels); ++c) {
    const double spread = (*variance)[c] + *added;
    if (!(spread > 0)) return unknown(layer, "a negative variance");
    norm.factor[c] /= std::sqrt(spread);
  }
  return norm;
}

// Part of the convolution before it, where nobody else reads that; else a factor and a summand for each
// channel.
Result<Output> NetworkMaker::add_norm(const TfLayer& layer) {
  const Output output = input_of(layer);
  if (output.before + output.after > 0) return unknown(layer, "a place behind a padding");
  FL_TRY_LET(norm, read_norm(layer, shape_of(output.layer).channels));
  const bool follows = output.layer == static_cast<int>(made_.size()) - 1 &&
                       is_convolution(made_.back().spec.kind) && readers_beside(layer) == 1 &&
                       model_.layers[size(layer.inputs.front())].kind.ends_with("Conv2D");
  if (!follows) {
    std::vector<double> bias;
    for (std::size_t c = 0; c < norm->mean.size(); ++c) bias.push_back(norm->of(0, c));
    return make(layer, {.kind = LayerKind::kDepthwise, .input = output.layer, .kernel = 1},
                std::move(norm->factor), std::move(bias));
  }
  MadeLayer& before = made_.back();
  const std::size_t filter = before.weights.size() / norm->factor.size();
  for (std::size_t c = 0; c < norm->factor.size(); ++c) {
    for (std::size_t i = 0; i < filter; ++i) before.weights[c * filter + i] *= norm->factor[c];
    before.bias[c] = norm->of(before.bias[c], c);
  }
  return output;
}

Result<Output> NetworkMaker::activate(const TfLayer& layer, const std::string& name, Output made) {
  if (name == "linear") return made;
  if (name == "softmax") {
    if (shape_of(made.layer).height * shape_of(made.layer).width != 1)
      return unknown(layer, "a softmax over pixels");
    ended_ = true;
    return made;
  }
  if (name != "relu" && name != "relu6")
    return unknown(layer, fmt::format("the activation {}", printable(name, 40)));
  return make(layer, {.kind = name == "relu" ? LayerKind::kRelu : LayerKind::kRelu6, .input = made.layer});
}

Result<Output> NetworkMaker::add_relu(const TfLayer& layer) {
  const Output input = input_of(layer);
  const auto is = [&](const char* key, double value) {
    const Json* found = layer.find(key);
    return found == nullptr || found->is_null() || found->number() == value;
  };
  const Json* most = layer.find("max_value");
  const bool limited = most != nullptr && !most->is_null();
  if (input.before + input.after > 0 || !is("max_value", 6) || !is("negative_slope", 0) ||
      !is("threshold", 0))
    return unknown(layer, "a shape of ReLU");
  return activate(layer, limited ? "relu6" : "relu", input);
}

Result<Output> NetworkMaker::add_named_activation(const TfLayer& layer) {
  const Output input = input_of(layer);
  if (input.before + input.after > 0) return unknown(layer, "a place behind a padding");
  return activate(layer, layer.text("activation", "none"), input);
}

Result<Output> NetworkMaker::add_sum(const TfLayer& layer) {
  const Output first = input_of(layer, 0), second = input_of(layer, 1);
  if (first.before + first.after + second.before + second.after > 0)
    return unknown(layer, "a place behind a padding");
  return make(layer, {.kind = LayerKind::kAdd, .input = first.layer, .second = second.layer});
}

Result<Output> NetworkMaker::add_average(const TfLayer& layer) {
  const Output input = input_of(layer);
  if (input.before + input.after > 0) return unknown(layer, "a place behind a padding");
  return make(layer, {.kind = LayerKind::kGlobalAveragePool, .input = input.layer});
}

Result<Output> NetworkMaker::add_enlargement(const TfLayer& layer) {
  Output input = input_of(layer);
  const auto times = layer.pair("size", 1, kMaxTfKernel);
  if (input.layer != NetSpec::kImage || !made_.empty() || !times || readers_beside(layer) > 1 ||
      layer.text("interpolation", "nearest") != "nearest")
    return unknown(layer, "an enlargement");
  input.enlarged = *times;
  return input;
}

// Of the image itself: the model shrinks what it is given, by area. The network reads the smaller image then,
// for that is how images are shrunk here.
Result<Output> NetworkMaker::add_pool(const TfLayer& layer) {
  const bool average = layer.kind == "AveragePooling2D";
  const Output input = input_of(layer);
  LayerSpec spec{.kind = average ? LayerKind::kAveragePool : LayerKind::kMaxPool, .input = input.layer};
  FL_TRY(read_window(layer, {.layer = input.layer}, "pool_size", spec));
  if (average && input.layer == NetSpec::kImage && made_.empty()) {
    const int side = image_.width * input.enlarged;
    if (spec.stride != spec.kernel || side % spec.kernel != 0 || image_.height != image_.width ||
        input.before + input.after > 0 || readers_beside(layer) > 1)
      return unknown(layer, "a way to shrink its image");
    image_.height = image_.width = side / spec.kernel;
    return Output{};
  }
  // Zeros that are added before are seen by what takes a maximum; ours sees no padding at all.
  if (input.before + input.after > 0) {
    const LayerKind below =
        input.layer == NetSpec::kImage ? LayerKind::kAdd : made_[size(input.layer)].spec.kind;
    if (average || spec.padding > 0 || input.before != input.after || input.before >= spec.kernel ||
        (below != LayerKind::kRelu && below != LayerKind::kRelu6))
      return unknown(layer, "a padding");
    spec.padding = input.before;
  }
  if (spec.end_padding() != spec.padding) {
    // Only what lies before decides where the windows are, as long as there are as many.
    const TensorShape in = shape_of(input.layer);
    const int wanted = (in.width + spec.padding + spec.padding_end - spec.kernel) / spec.stride;
    if ((in.width + 2 * spec.padding - spec.kernel) / spec.stride != wanted)
      return unknown(layer, "a padding");
    spec.padding_end = LayerSpec::kAsPadding;
  }
  return make(layer, spec);
}

Result<Output> NetworkMaker::add_flat(const TfLayer& layer) {
  Output input = input_of(layer);
  if (input.before + input.after > 0 || input.enlarged > 1) return unknown(layer, "a place behind a padding");
  input.flat = true;
  return input;
}

// From a row of numbers to an image of one pixel, which are the same here.
Result<Output> NetworkMaker::add_shape(const TfLayer& layer) {
  Output input = input_of(layer);
  const TensorShape in = shape_of(input.layer);
  if (in.height * in.width != 1 || input.before + input.after > 0 || input.layer == NetSpec::kImage)
    return unknown(layer, "another shape");
  input.flat = false;
  return input;
}

Result<Output> NetworkMaker::add_dense(const TfLayer& layer) {
  const Output input = input_of(layer);
  const TensorShape in = shape_of(input.layer);
  const auto units = layer.whole("units", 1, kMaxTfChannels);
  if (!units) return unknown(layer, "a number of units");
  if ((in.height * in.width != 1 && !input.flat) || input.before + input.after > 0)
    return unknown(layer, "an image as its input");
  FL_TRY_LET(kernel, tensor(layer, "kernel", {static_cast<int>(in.floats()), *units}));
  LayerSpec spec{.kind = LayerKind::kDense, .input = input.layer, .out_channels = *units};
  spec.bias = layer.flag("use_bias", true);
  std::vector<double> bias;
  if (spec.bias) {
    FL_TRY_LET(own, vector_of(layer, "bias", *units));
    bias = *std::move(own);
  }
  FL_TRY_LET(made,
             make(layer, spec,
                  output_first(**kernel, size(in.height) * size(in.width), size(in.channels), size(*units)),
                  std::move(bias)));
  return activate(layer, layer.text("activation", "linear"), *made);
}

Result<Output> NetworkMaker::pass_on(const TfLayer& layer) {
  return input_of(layer);
}

}  // namespace fl::tfjs
