#include "trainer/exports/tfjs_layers.h"

#include <algorithm>
#include <bit>
#include <set>

#include "trainer/backbone/tfjs/tm_export.h"
#include "trainer/base/check.h"
#include "trainer/exports/named_params.h"
#include "trainer/exports/tfjs_topology.h"

namespace fl {
namespace {

static_assert(std::endian::native == std::endian::little, "TensorFlow.js reads numbers so");

Json pair(int value) {
  return Json::Array{value, value};
}

// The output of a layer of ours: whose it is among theirs, and whether it is a row of numbers or maps.
struct Place {
  std::string name;
  bool row = false;
};

class TfjsWriter {
 public:
  explicit TfjsWriter(const LeavingModel& model)
      : model_(model), net_(model.network), params_(model), shapes_(layer_shapes(net_).value()) {}

  Result<TfjsModel> write() {
    add_input();
    for (int i = 0; i < layers(); ++i) {
      if (places_.size() > to_size(i)) continue;  // part of the one before
      FL_TRY(add_layer(i));
      if (net_.layers[to_size(i)].kind == LayerKind::kGlobalAveragePool && head_ == 0)
        head_ = written_.size();
    }
    if (!softmax_) {
      const Place last = as_row(places_.back(), "logits");
      add("Activation", "probabilities", {{"activation", "softmax"}}, {last.name});
    }
    return TfjsModel{tfjs_topology({image_, model_.side, std::move(written_), head_}), std::move(entries_),
                     std::move(weights_)};
  }

 private:
  [[nodiscard]] int layers() const { return static_cast<int>(net_.layers.size()); }
  [[nodiscard]] TensorShape shape_of(int layer) const {
    return layer == NetSpec::kImage ? net_.input : shapes_[to_size(layer)];
  }

  // TensorFlow's names begin with a letter or a digit, and are all different.
  std::string free_name(const std::string& wanted) {
    const bool plain = !wanted.empty() && std::isalnum(static_cast<unsigned char>(wanted.front())) != 0;
    const std::string stem = plain ? wanted : "layer" + wanted;
    std::string name = stem;
    for (int number = 2; !names_.insert(name).second; ++number) name = fmt::format("{}_{}", stem, number);
    return name;
  }

  std::string add(std::string kind, const std::string& wanted, Json::Object config,
                  std::vector<std::string> inputs, bool trainable = true) {
    std::string name = free_name(wanted);
    config.push_back({"name", name});
    config.push_back({"trainable", trainable});
    written_.push_back({std::move(kind), name, std::move(config), std::move(inputs)});
    return name;
  }

  void add_weights(const std::string& layer, const char* what, const std::vector<int>& shape,
                   const std::vector<float>& values) {
    entries_.push_back(
        Json::Object{{"name", layer + "/" + what}, {"shape", Json::list(shape)}, {"dtype", "float32"}});
    const auto bytes = std::as_bytes(std::span(values));
    weights_.insert(weights_.end(), bytes.begin(), bytes.end());
  }

  // The image, shrunk and in the network's own scale, where it is not so already.
  void add_input() {
    image_ = free_name("image");
    image_place_ = {image_, false};
    if (const Shrinking& shrinking = model_.shrinking; !shrinking.none()) {
      if (shrinking.enlarge > 1)
        image_place_.name =
            add("UpSampling2D", "enlarge",
                {{"size", pair(shrinking.enlarge)}, {"data_format", "channels_last"}}, {image_place_.name});
      image_place_.name =
          add("AveragePooling2D", "shrink", pool_config(shrinking.average, shrinking.average, "valid"),
              {image_place_.name});
    }
    // From b / 127 - 1 back to b, and on.
    const std::size_t channels = model_.scale.offset.size();
    std::vector<float> kernel(3 * channels), bias(channels);
    bool same = channels == 3;
    for (std::size_t c = 0; c < channels; ++c) {
      double summand = model_.scale.offset[c];
      for (std::size_t k = 0; k < 3; ++k) {
        const double factor = model_.scale.colour[c][k] * kTmHalfRange;
        summand += factor;
        kernel[k * channels + c] = static_cast<float>(factor);
        same = same && std::abs(factor - (k == c ? 1 : 0)) < 1e-9;
      }
      bias[c] = static_cast<float>(summand);
      same = same && std::abs(summand) < 1e-9;
    }
    if (same) return;
    image_place_.name =
        add("Conv2D", "scale", convolution_config({{"filters", channels}}, 1, 1, "valid", true),
            {image_place_.name}, false);
    add_weights(image_place_.name, "kernel", {1, 1, 3, static_cast<int>(channels)}, kernel);
    add_weights(image_place_.name, "bias", {static_cast<int>(channels)}, bias);
  }

  static Json::Object pool_config(int side, int stride, const char* padding) {
    return {{"pool_size", pair(side)},
            {"strides", pair(stride)},
            {"padding", padding},
            {"data_format", "channels_last"}};
  }
  static Json::Object convolution_config(Json::Object own, int kernel, int stride, const char* padding,
                                         bool bias) {
    own.insert(own.end(), {{"kernel_size", pair(kernel)},
                           {"strides", pair(stride)},
                           {"padding", padding},
                           {"data_format", "channels_last"},
                           {"dilation_rate", pair(1)},
                           {"activation", "linear"},
                           {"use_bias", bias}});
    return own;
  }

  [[nodiscard]] Place place_of(int layer) const {
    return layer == NetSpec::kImage ? image_place_ : places_[to_size(layer)];
  }
  Place as_row(const Place& place, const std::string& reader) {
    if (place.row) return place;
    return {add("Flatten", reader + "_flat", {}, {place.name}), true};
  }
  Place as_maps(const Place& place, int layer, const std::string& reader) {
    if (!place.row) return place;
    return {add("Reshape", reader + "_maps", {{"target_shape", Json::Array{1, 1, shape_of(layer).channels}}},
                {place.name}),
            false};
  }

  Result<void> add_layer(int index) {
    switch (net_.layers[to_size(index)].kind) {
      case LayerKind::kConvolution:
      case LayerKind::kDepthwise:
        add_convolution(index);
        break;
      case LayerKind::kDense:
        add_dense(index);
        break;
      case LayerKind::kBatchNorm:
        add_norm(index);
        break;
      case LayerKind::kRelu:
        add_simple(index, "Activation", {{"activation", "relu"}});
        break;
      case LayerKind::kRelu6:
        add_simple(index, "ReLU", {{"max_value", 6}});
        break;
      case LayerKind::kDropout:
        add_simple(index, "Dropout", {{"rate", net_.layers[to_size(index)].rate}});
        break;
      case LayerKind::kMaxPool:
      case LayerKind::kAveragePool:
        return add_pool(index);
      case LayerKind::kGlobalAveragePool:
        add_average(index);
        break;
      case LayerKind::kAdd:
        add_sum(index);
        break;
      case LayerKind::kPart:
        FL_CHECK_MSG(false, "a model that leaves reads whole images");
    }
    return {};
  }

  void add_simple(int index, const char* kind, Json::Object config) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const Place from = place_of(net_.sources(index).front());
    places_.push_back({add(kind, layer.name, std::move(config), {from.name}), from.row});
  }

  // Whether "same" means the layer's own padding: as many outputs, and the windows at the same places.
  [[nodiscard]] bool padded_as_same(const LayerSpec& layer, TensorShape in, TensorShape out) const {
    const auto same = [&](int inputs, int outputs) {
      const int zeros = std::max(0, (outputs - 1) * layer.stride + layer.kernel - inputs);
      return outputs == (inputs + layer.stride - 1) / layer.stride && zeros / 2 == layer.padding;
    };
    return same(in.height, out.height) && same(in.width, out.width);
  }
  // Zeros in a layer of their own.
  Place padded(const Place& from, const LayerSpec& layer) {
    const Json sides = Json::Array{layer.padding, layer.end_padding()};
    return {add("ZeroPadding2D", layer.name + "_pad",
                {{"padding", Json::Array{sides, sides}}, {"data_format", "channels_last"}}, {from.name}),
            false};
  }

  void add_convolution(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const int source = net_.sources(index).front();
    const TensorShape in = shape_of(source), out = shape_of(index);
    Place from = as_maps(place_of(source), source, layer.name);
    const bool none = layer.padding == 0 && layer.end_padding() == 0,
               same = !none && padded_as_same(layer, in, out);
    if (!none && !same) from = padded(from, layer);
    const bool depthwise = layer.kind == LayerKind::kDepthwise;
    Json::Object own =
        depthwise ? Json::Object{{"depth_multiplier", 1}} : Json::Object{{"filters", out.channels}};
    const std::string name = add(
        depthwise ? "DepthwiseConv2D" : "Conv2D", layer.name,
        convolution_config(std::move(own), layer.kernel, layer.stride, same ? "same" : "valid", layer.bias),
        {from.name}, !layer.frozen);
    // [out][in][rows][columns] to [rows][columns][in][out]; a depthwise kernel to
    // [rows][columns][channel][1].
    const std::span<const float> weights = params_.of(layer, ".weight");
    const std::size_t area = to_size(layer.kernel) * to_size(layer.kernel), outs = to_size(out.channels),
                      ins = depthwise ? 1 : to_size(in.channels);
    std::vector<float> kernel(weights.size());
    for (std::size_t o = 0; o < outs; ++o)
      for (std::size_t i = 0; i < ins; ++i)
        for (std::size_t p = 0; p < area; ++p)
          kernel[(p * ins + i) * outs + o] = weights[(o * ins + i) * area + p];
    if (depthwise)
      add_weights(name, "depthwise_kernel", {layer.kernel, layer.kernel, out.channels, 1}, kernel);
    else
      add_weights(name, "kernel", {layer.kernel, layer.kernel, in.channels, out.channels}, kernel);
    if (layer.bias) add_vector(name, "bias", params_.of(layer, ".bias"));
    places_.push_back({name, false});
  }

  void add_vector(const std::string& name, const char* what, std::span<const float> values) {
    add_weights(name, what, {static_cast<int>(values.size())}, {values.begin(), values.end()});
  }

  // With the ReLU that alone reads it, or the softmax.
  void add_dense(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const int source = net_.sources(index).front();
    const TensorShape in = shape_of(source);
    const Place from = as_row(place_of(source), layer.name);
    const std::vector<int> readers = net_.readers(index);
    const bool relu = readers.size() == 1 && readers.front() == index + 1 &&
                      net_.layers[to_size(index + 1)].kind == LayerKind::kRelu;
    softmax_ = index == layers() - 1;
    const std::string name = add("Dense", layer.name,
                                 {{"units", layer.out_channels},
                                  {"activation", softmax_ ? "softmax"
                                                 : relu   ? "relu"
                                                          : "linear"},
                                  {"use_bias", layer.bias}},
                                 {from.name}, !layer.frozen);
    // [out][channel][y][x] to [y][x][channel][out].
    const std::span<const float> weights = params_.of(layer, ".weight");
    const std::size_t area = to_size(in.height) * to_size(in.width), channels = to_size(in.channels),
                      outs = to_size(layer.out_channels);
    std::vector<float> kernel(weights.size());
    for (std::size_t o = 0; o < outs; ++o)
      for (std::size_t c = 0; c < channels; ++c)
        for (std::size_t p = 0; p < area; ++p)
          kernel[(p * channels + c) * outs + o] = weights[(o * channels + c) * area + p];
    add_weights(name, "kernel", {static_cast<int>(area * channels), layer.out_channels}, kernel);
    if (layer.bias) add_vector(name, "bias", params_.of(layer, ".bias"));
    places_.insert(places_.end(), relu ? 2 : 1, Place{name, true});
  }

  void add_norm(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const Place from = place_of(net_.sources(index).front());
    const std::string name = add("BatchNormalization", layer.name,
                                 {{"axis", -1},
                                  {"momentum", layer.momentum},
                                  {"epsilon", layer.epsilon},
                                  {"center", true},
                                  {"scale", true}},
                                 {from.name}, !layer.frozen);
    for (const auto& [theirs, ours] : {std::pair{"gamma", ".scale"}, {"beta", ".shift"}})
      add_vector(name, theirs, params_.of(layer, ours));
    for (const auto& [theirs, ours] : {std::pair{"moving_mean", ".mean"}, {"moving_variance", ".variance"}})
      add_vector(name, theirs, params_.statistics_of(layer, ours));
    places_.push_back({name, from.row});
  }

  // Padding that is not looked at is "same". Zeros are as good where nothing is below them.
  Result<void> add_pool(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const int source = net_.sources(index).front();
    const bool average = layer.kind == LayerKind::kAveragePool;
    Place from = as_maps(place_of(source), source, layer.name);
    const bool same = layer.padding > 0 && padded_as_same(layer, shape_of(source), shape_of(index));
    if (layer.padding > 0 && !same) {
      const bool positive =
          source != NetSpec::kImage && (net_.layers[to_size(source)].kind == LayerKind::kRelu ||
                                        net_.layers[to_size(source)].kind == LayerKind::kRelu6);
      if (average || !positive)
        return error(
            "{} cannot be exported for TensorFlow.js: no layer there pads as its {} does, by {} pixels; "
            "export it to "
            "a name that ends in .onnx.",
            model_.title, layer.called(), layer.padding);
      from = padded(from, layer);
    }
    places_.push_back({add(average ? "AveragePooling2D" : "MaxPooling2D", layer.name,
                           pool_config(layer.kernel, layer.stride, same ? "same" : "valid"), {from.name}),
                       false});
    return {};
  }

  void add_average(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const int source = net_.sources(index).front();
    const Place from = as_maps(place_of(source), source, layer.name);
    places_.push_back(
        {add("GlobalAveragePooling2D", layer.name, {{"data_format", "channels_last"}}, {from.name}), true});
  }

  void add_sum(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const std::vector<int> sources = net_.sources(index);
    Place first = place_of(sources[0]), second = place_of(sources[1]);
    if (first.row != second.row) {
      first = as_maps(first, sources[0], layer.name);
      second = as_maps(second, sources[1], layer.name);
    }
    places_.push_back({add("Add", layer.name, {}, {first.name, second.name}), first.row});
  }

  const LeavingModel& model_;
  const NetSpec& net_;
  NamedParams params_;
  std::vector<TensorShape> shapes_;
  std::set<std::string> names_;
  std::string image_;
  Place image_place_;
  std::vector<Place> places_;  // by layer of ours
  std::vector<TfjsLayer> written_;
  std::size_t head_ = 0;  // TfjsGraph::head
  bool softmax_ = false;  // is part of the last layer
  Json::Array entries_;   // of the manifest
  std::vector<std::byte> weights_;
};

}  // namespace

Result<TfjsModel> tfjs_model_of(const LeavingModel& model) {
  return TfjsWriter(model).write();
}

}  // namespace fl
