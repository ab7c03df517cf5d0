#include "trainer/exports/onnx_file.h"

#include <set>

#include "fallline_build_info.h"
#include <onnx/onnx_pb.h>

#include "trainer/base/check.h"
#include "trainer/exports/feeding.h"
#include "trainer/exports/named_params.h"

namespace fl {
namespace {

// Of the intermediate representation: the first in which weights need not be inputs as well.
constexpr int kFormatVersion = 4;

std::string base64(std::span<const std::byte> bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? std::to_integer<std::uint32_t>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k)
      text += i + k < bytes.size() + 1 ? kDigits[group >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

void set_type(onnx::ValueInfoProto& value, const char* name, int element, const std::vector<int>& shape) {
  value.set_name(name);
  auto& tensor = *value.mutable_type()->mutable_tensor_type();
  tensor.set_elem_type(element);
  tensor.mutable_shape()->add_dim()->set_dim_param("N");
  for (const int extent : shape) tensor.mutable_shape()->add_dim()->set_dim_value(extent);
}

class OnnxWriter {
 public:
  explicit OnnxWriter(const LeavingModel& model)
      : model_(model), net_(model.network), params_(model), shapes_(layer_shapes(net_).value()) {}

  onnx::ModelProto write() {
    file_.set_ir_version(kFormatVersion);
    file_.set_producer_name("Fall Line");
    file_.set_producer_version(FALLLINE_VERSION);
    auto& operators = *file_.add_opset_import();
    operators.set_domain("");
    operators.set_version(kOnnxOperators);
    graph_.set_name(model_.title);
    names_ = {"image", "probabilities"};
    set_type(*graph_.add_input(), "image", onnx::TensorProto::UINT8, {model_.side, model_.side, 3});
    set_type(*graph_.add_output(), "probabilities", onnx::TensorProto::FLOAT, {net_.classes});
    add_input();
    for (int i = 0; i < static_cast<int>(net_.layers.size()); ++i) add_layer(i);
    const std::string logits = as_row(static_cast<int>(net_.layers.size()) - 1, "logits");
    auto& softmax = node("Softmax", {logits}, "probabilities");
    set(softmax, "axis", 1);
    return std::move(file_);
  }

 private:
  std::string free_name(const std::string& wanted) {
    std::string name = wanted;
    for (int number = 2; !names_.insert(name).second; ++number) name = fmt::format("{}_{}", wanted, number);
    return name;
  }

  onnx::NodeProto& node(const char* kind, const std::vector<std::string>& inputs, const std::string& output) {
    auto& made = *graph_.add_node();
    made.set_op_type(kind);
    made.set_name(output);
    for (const std::string& input : inputs) made.add_input(input);
    made.add_output(output);
    return made;
  }
  static onnx::AttributeProto& attribute(onnx::NodeProto& node, const char* name,
                                         onnx::AttributeProto::AttributeType type) {
    auto& made = *node.add_attribute();
    made.set_name(name);
    made.set_type(type);
    return made;
  }
  static void set(onnx::NodeProto& node, const char* name, int value) {
    attribute(node, name, onnx::AttributeProto::INT).set_i(value);
  }
  static void set(onnx::NodeProto& node, const char* name, double value) {
    attribute(node, name, onnx::AttributeProto::FLOAT).set_f(static_cast<float>(value));
  }
  static void set(onnx::NodeProto& node, const char* name, const std::vector<int>& values) {
    auto& made = attribute(node, name, onnx::AttributeProto::INTS);
    for (const int value : values) made.add_ints(value);
  }

  std::string weights(const std::string& name, const std::vector<int>& shape, std::span<const float> values) {
    auto& tensor = *graph_.add_initializer();
    tensor.set_name(free_name(name));
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const int extent : shape) tensor.add_dims(extent);
    tensor.set_raw_data(values.data(), values.size_bytes());
    return tensor.name();
  }

  // From bytes with the channels last to maps in the network's own scale.
  void add_input() {
    set(node("Cast", {"image"}, free_name("numbers")), "to", static_cast<int>(onnx::TensorProto::FLOAT));
    image_ = free_name("planes");
    set(node("Transpose", {"numbers"}, image_), "perm", std::vector{0, 3, 1, 2});
    if (const auto [enlarge, average] = model_.shrinking; !model_.shrinking.none()) {
      if (enlarge > 1) {
        // Each pixel so many times: a transposed convolution with ones.
        const std::vector<float> ones(3 * to_size(enlarge) * to_size(enlarge), 1.0f);
        const std::string kernel = weights("ones", {3, 1, enlarge, enlarge}, ones);
        auto& larger = node("ConvTranspose", {image_, kernel}, free_name("enlarge"));
        set(larger, "strides", std::vector{enlarge, enlarge});
        set(larger, "kernel_shape", std::vector{enlarge, enlarge});
        set(larger, "group", 3);
        image_ = larger.output(0);
      }
      auto& smaller = node("AveragePool", {image_}, free_name("shrink"));
      set(smaller, "kernel_shape", std::vector{average, average});
      set(smaller, "strides", std::vector{average, average});
      image_ = smaller.output(0);
    }
    std::vector<float> kernel, bias;
    for (const auto& colour : model_.scale.colour)
      for (const double factor : colour) kernel.push_back(static_cast<float>(factor));
    for (const double offset : model_.scale.offset) bias.push_back(static_cast<float>(offset));
    const int channels = net_.input.channels;
    const std::string w = weights("scale.weight", {channels, 3, 1, 1}, kernel),
                      b = weights("scale.bias", {channels}, bias);
    auto& scale = node("Conv", {image_, w, b}, free_name("scale"));
    set(scale, "kernel_shape", std::vector{1, 1});
    image_ = scale.output(0);
  }

  // The output of a layer of ours, and whether it is [N][numbers], not maps.
  struct Place {
    std::string name;
    bool row = false;
  };
  [[nodiscard]] TensorShape shape_of(int layer) const {
    return layer == NetSpec::kImage ? net_.input : shapes_[to_size(layer)];
  }
  [[nodiscard]] Place place_of(int layer) const {
    return layer == NetSpec::kImage ? Place{image_, false} : places_[to_size(layer)];
  }
  std::string as_row(int layer, const std::string& reader) {
    const Place place = place_of(layer);
    if (place.row) return place.name;
    auto& flat = node("Flatten", {place.name}, free_name(reader + ".flat"));
    set(flat, "axis", 1);
    return flat.output(0);
  }
  std::string as_maps(int layer, const std::string& reader) {
    const Place place = place_of(layer);
    if (!place.row) return place.name;
    auto& maps = node("Unsqueeze", {place.name}, free_name(reader + ".maps"));
    set(maps, "axes", std::vector{2, 3});
    return maps.output(0);
  }

  void add_layer(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const int source = net_.sources(index).front();
    switch (layer.kind) {
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
        add_same("Relu", index);
        break;
      case LayerKind::kRelu6: {
        auto& clip = add_same("Clip", index);
        set(clip, "min", 0.0);
        set(clip, "max", 6.0);
        break;
      }
      case LayerKind::kDropout:
        places_.push_back(place_of(source));
        break;
      case LayerKind::kMaxPool:
      case LayerKind::kAveragePool:
        add_pool(index);
        break;
      case LayerKind::kGlobalAveragePool:
        places_.push_back({free_name(layer.name), false});
        node("GlobalAveragePool", {as_maps(source, layer.name)}, places_.back().name);
        break;
      case LayerKind::kAdd:
        add_sum(index);
        break;
      case LayerKind::kPart:
        FL_CHECK_MSG(false, "a model that leaves reads whole images");
    }
  }

  onnx::NodeProto& add_same(const char* kind, int index) {
    const Place from = place_of(net_.sources(index).front());
    places_.push_back({free_name(net_.layers[to_size(index)].name), from.row});
    return node(kind, {from.name}, places_.back().name);
  }

  // Kernel, strides and padding.
  static void set_window(onnx::NodeProto& node, const LayerSpec& layer, int end_padding) {
    set(node, "kernel_shape", std::vector{layer.kernel, layer.kernel});
    set(node, "strides", std::vector{layer.stride, layer.stride});
    set(node, "pads", std::vector{layer.padding, layer.padding, end_padding, end_padding});
  }

  void add_convolution(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const int source = net_.sources(index).front(), in = shape_of(source).channels,
              out = shape_of(index).channels;
    const bool depthwise = layer.kind == LayerKind::kDepthwise;
    std::vector<std::string> inputs = {
        as_maps(source, layer.name),
        weights(layer.name + ".weight", {out, depthwise ? 1 : in, layer.kernel, layer.kernel},
                params_.of(layer, ".weight"))};
    if (layer.bias) inputs.push_back(weights(layer.name + ".bias", {out}, params_.of(layer, ".bias")));
    places_.push_back({free_name(layer.name), false});
    auto& made = node("Conv", inputs, places_.back().name);
    set_window(made, layer, layer.end_padding());
    if (depthwise) set(made, "group", in);
  }

  void add_dense(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const int source = net_.sources(index).front(), outs = layer.out_channels;
    const std::vector<float> zeros(to_size(outs), 0.0f);
    const std::string row = as_row(source, layer.name);
    const std::string kernel =
        weights(layer.name + ".weight", {outs, static_cast<int>(shape_of(source).floats())},
                params_.of(layer, ".weight"));
    const std::string bias = weights(layer.name + ".bias", {outs},
                                     layer.bias ? params_.of(layer, ".bias") : std::span<const float>(zeros));
    places_.push_back({free_name(layer.name), true});
    set(node("Gemm", {row, kernel, bias}, places_.back().name), "transB", 1);
  }

  void add_norm(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const Place from = place_of(net_.sources(index).front());
    const std::vector shape = {shape_of(index).channels};
    std::vector<std::string> inputs = {from.name};
    for (const char* what : {".scale", ".shift"})
      inputs.push_back(weights(layer.name + what, shape, params_.of(layer, what)));
    for (const char* what : {".mean", ".variance"})
      inputs.push_back(weights(layer.name + what, shape, params_.statistics_of(layer, what)));
    places_.push_back({free_name(layer.name), from.row});
    set(node("BatchNormalization", inputs, places_.back().name), "epsilon", layer.epsilon);
  }

  void add_pool(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const bool average = layer.kind == LayerKind::kAveragePool;
    const std::string from = as_maps(net_.sources(index).front(), layer.name);
    places_.push_back({free_name(layer.name), false});
    set_window(node(average ? "AveragePool" : "MaxPool", {from}, places_.back().name), layer, layer.padding);
  }

  void add_sum(int index) {
    const LayerSpec& layer = net_.layers[to_size(index)];
    const std::vector<int> sources = net_.sources(index);
    Place first = place_of(sources[0]), second = place_of(sources[1]);
    if (first.row != second.row)
      first = {as_maps(sources[0], layer.name), false}, second = {as_maps(sources[1], layer.name), false};
    places_.push_back({free_name(layer.name), first.row});
    node("Add", {first.name, second.name}, places_.back().name);
  }

  const LeavingModel& model_;
  const NetSpec& net_;
  NamedParams params_;
  std::vector<TensorShape> shapes_;
  onnx::ModelProto file_;
  onnx::GraphProto& graph_ = *file_.mutable_graph();
  std::set<std::string> names_;
  std::string image_;
  std::vector<Place> places_;  // by layer of ours
};

}  // namespace

Result<std::vector<std::byte>> onnx_file_of(const LeavingModel& model, const SelfCheck& check,
                                            const std::string& name) {
  onnx::ModelProto file = OnnxWriter(model).write();
  const auto say = [&](const char* key, std::string value) {
    auto& entry = *file.add_metadata_props();
    entry.set_key(key);
    entry.set_value(std::move(value));
  };
  say("labels", Json::list(model.labels).line());
  say("fallline", feeding_of(model, check, "bytes", "self_check_png, in base64").line());
  say("self_check_png", base64(check.png));
  std::string text;
  if (!file.SerializeToString(&text))
    return error(
        "{} cannot be written: the network is too large for ONNX; export it to a name that ends in .zip.",
        name);
  const auto bytes = std::as_bytes(std::span(text));
  return std::vector<std::byte>(bytes.begin(), bytes.end());
}

}  // namespace fl
