#include "tests/support/small_export.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "trainer/base/random.h"

namespace fl::test {
namespace {

constexpr int kSide = 224;

// [y][x][channel], as TensorFlow has images.
struct Maps {
  int side = 0, channels = 0;
  std::vector<double> values;
  [[nodiscard]] std::size_t at(int y, int x, int c) const {
    return static_cast<std::size_t>((y * side + x) * channels + c);
  }
};

Maps make_maps(int side, int channels) {
  return {side, channels, std::vector<double>(static_cast<std::size_t>(side * side * channels))};
}

Maps pad_end(const Maps& in) {
  Maps out = make_maps(in.side + 1, in.channels);
  for (int y = 0; y < in.side; ++y)
    for (int x = 0; x < in.side; ++x)
      for (int c = 0; c < in.channels; ++c) out.values[out.at(y, x, c)] = in.values[in.at(y, x, c)];
  return out;
}

using Tensor = SmallExport::Tensor;

// Kernel [k][k][in][out], or [k][k][channels][1] of a depthwise one. "same": of stride 1 and an odd kernel.
Maps convolve(const Maps& in, const Tensor& kernel, int stride, bool same, bool depthwise) {
  const int k = kernel.shape[0], before = same ? k / 2 : 0;
  const int side = same ? in.side : (in.side - k) / stride + 1;
  Maps out = make_maps(side, depthwise ? in.channels : kernel.shape[3]);
  const auto weight = [&](int ky, int kx, int i, int o) {
    const int last = depthwise ? 0 : o;
    return static_cast<double>(kernel.values[static_cast<std::size_t>(
        ((ky * k + kx) * kernel.shape[2] + i) * kernel.shape[3] + last)]);
  };
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      for (int o = 0; o < out.channels; ++o) {
        double sum = 0;
        for (int ky = 0; ky < k; ++ky)
          for (int kx = 0; kx < k; ++kx) {
            const int iy = y * stride + ky - before, ix = x * stride + kx - before;
            if (iy < 0 || iy >= in.side || ix < 0 || ix >= in.side) continue;
            for (int i = depthwise ? o : 0; i < (depthwise ? o + 1 : in.channels); ++i)
              sum += weight(ky, kx, i, o) * in.values[in.at(iy, ix, i)];
          }
        out.values[out.at(y, x, o)] = sum;
      }
  return out;
}

// What the layers of the model are, once for its JSON and once for its answer.
struct Layer {
  std::string kind, name, from, second = {};
  int filters = 0, kernel = 1, stride = 1;
  bool same = true;
};

std::vector<Layer> layers() {
  return {{"ZeroPadding2D", "Conv1_pad", "input_1"},
          {"Conv2D", "Conv1", "Conv1_pad", {}, 4, 3, 2, false},
          {"BatchNormalization", "bn_Conv1", "Conv1"},
          {"ReLU", "Conv1_relu", "bn_Conv1"},
          {"DepthwiseConv2D", "block_dw", "Conv1_relu", {}, 4, 3, 1, true},
          {"BatchNormalization", "block_dw_BN", "block_dw"},
          {"ReLU", "block_dw_relu", "block_dw_BN"},
          {"Conv2D", "block_project", "block_dw_relu", {}, 4, 1, 1, true},
          {"BatchNormalization", "block_project_BN", "block_project"},
          {"Add", "block_add", "Conv1_relu", "block_project_BN"},
          {"ZeroPadding2D", "down_pad", "block_add"},
          {"DepthwiseConv2D", "down_dw", "down_pad", {}, 4, 3, 2, false},
          {"BatchNormalization", "down_dw_BN", "down_dw"},
          {"ReLU", "down_dw_relu", "down_dw_BN"},
          {"Conv2D", "Conv_1", "down_dw_relu", {}, 6, 1, 1, true},
          {"BatchNormalization", "Conv_1_bn", "Conv_1"},
          {"ReLU", "out_relu", "Conv_1_bn"}};
}

std::string config_of(const Layer& layer) {
  const auto common = fmt::format(R"("name":"{}","trainable":true)", layer.name);
  if (layer.kind == "ZeroPadding2D")
    return fmt::format(R"({{"padding":[[0,1],[0,1]],"data_format":"channels_last",{}}})", common);
  if (layer.kind == "BatchNormalization")
    return fmt::format(R"({{"axis":-1,"momentum":0.999,"epsilon":0.001,"center":true,"scale":true,{}}})",
                       common);
  if (layer.kind == "ReLU") return fmt::format(R"({{"max_value":6,{}}})", common);
  if (layer.kind == "Add") return fmt::format("{{{}}}", common);
  const bool depthwise = layer.kind == "DepthwiseConv2D";
  return fmt::format(
      R"({{{},"kernel_size":[{k},{k}],"strides":[{s},{s}],"padding":"{}","data_format":"channels_last",)"
      R"("dilation_rate":[1,1],"activation":"linear","use_bias":false,{}}})",
      depthwise ? std::string(R"("depth_multiplier":1)") : fmt::format(R"("filters":{})", layer.filters),
      layer.same ? "same" : "valid", common, fmt::arg("k", layer.kernel), fmt::arg("s", layer.stride));
}

std::string node_of(const std::string& name) {
  return fmt::format(R"(["{}",0,0,{{}}])", name);
}

std::string graph_text() {
  std::string text = fmt::format(
      R"({{"name":"input_1","class_name":"InputLayer","config":{{"batch_input_shape":[null,{0},{0},3],)"
      R"("dtype":"float32","sparse":false,"name":"input_1"}},"inbound_nodes":[]}})",
      kSide);
  for (const Layer& layer : layers())
    text += fmt::format(R"(,{{"name":"{}","class_name":"{}","config":{},"inbound_nodes":[[{}{}]]}})",
                        layer.name, layer.kind, config_of(layer), node_of(layer.from),
                        layer.second.empty() ? std::string() : fmt::format(",{}", node_of(layer.second)));
  return text;
}

std::string dense_text(const char* name, int units, const char* activation, bool bias) {
  return fmt::format(
      R"({{"class_name":"Dense","config":{{"units":{},"activation":"{}","use_bias":{},"name":"{}"}}}})",
      units, activation, bias, name);
}

std::string model_text(SmallExport::Dialect dialect, const std::string& manifest) {
  const bool old = dialect == SmallExport::Dialect::k2019;
  const auto sequential = [&](const char* name, const std::string& within) {
    return old ? fmt::format(R"({{"class_name":"Sequential","config":[{}]}})", within)
               : fmt::format(R"({{"class_name":"Sequential","config":{{"name":"{}","layers":[{}]}}}})", name,
                             within);
  };
  const std::string graph = fmt::format(
      R"({{"class_name":"{}","config":{{"name":"small","layers":[{}],"input_layers":[["input_1",0,0]],)"
      R"("output_layers":[["out_relu",0,0]]}}}})",
      old ? "Model" : "Functional", graph_text());
  const std::string average =
      R"({"class_name":"GlobalAveragePooling2D","config":{"name":"average","data_format":"channels_last"}})";
  const std::string body = sequential("sequential_1", fmt::format("{},{}", graph, average));
  const std::string head =
      sequential("sequential_2", fmt::format("{},{}", dense_text("dense_Dense1", 5, "relu", true),
                                             dense_text("dense_Dense2", 3, "softmax", false)));
  const std::string all = sequential("sequential_3", fmt::format("{},{}", body, head));
  const std::string topology =
      old ? fmt::format(R"({},"keras_version":"tfjs-layers 1.1.2","backend":"tensor_flow.js"}})",
                        std::string_view(all).substr(0, all.size() - 1))
          : fmt::format(R"({{"keras_version":"tfjs-layers 2.0","model_config":{}}})", all);
  return fmt::format(
      R"({{"modelTopology":{},"weightsManifest":[{{"paths":["weights.bin"],"weights":[{}]}}]}})", topology,
      manifest);
}

}  // namespace

SmallExport::SmallExport(Dialect dialect) {
  std::vector<std::string> order;
  const auto add = [&](const std::string& name, std::vector<int> shape, double low, double high) {
    RandomStream random(2, StreamId::kTest, static_cast<std::uint32_t>(order.size()));
    Tensor tensor{std::move(shape), {}};
    std::size_t count = 1;
    for (const int extent : tensor.shape) count *= static_cast<std::size_t>(extent);
    for (std::size_t i = 0; i < count; ++i)
      tensor.values.push_back(static_cast<float>(random.uniform(low, high)));
    tensors[name] = std::move(tensor);
    order.push_back(name);
  };
  int channels = 3;
  for (const Layer& layer : layers()) {
    if (layer.kind == "Conv2D")
      add(layer.name + "/kernel", {layer.kernel, layer.kernel, channels, channels = layer.filters}, -0.7,
          0.7);
    if (layer.kind == "DepthwiseConv2D")
      add(layer.name + "/depthwise_kernel", {layer.kernel, layer.kernel, channels, 1}, -0.6, 0.8);
    if (layer.kind != "BatchNormalization") continue;
    for (const char* name : {"gamma", "moving_variance"}) add(layer.name + "/" + name, {channels}, 0.3, 2);
    for (const char* name : {"beta", "moving_mean"}) add(layer.name + "/" + name, {channels}, -0.3, 0.6);
  }
  tensors["Conv1/kernel"].values[0] = 0.4f;
  tensors["bn_Conv1/moving_variance"].values[1] = 4e-36f;  // a dead channel, as the real one has some
  for (int i = 0; i < 27; ++i) tensors["Conv1/kernel"].values[static_cast<std::size_t>(4 * i + 1)] = 0;
  tensors["bn_Conv1/moving_mean"].values[1] = 0;
  add("dense_Dense1/kernel", {6, 5}, -1, 1);
  add("dense_Dense1/bias", {5}, -0.2, 0.4);
  add("dense_Dense2/kernel", {5, 3}, -1, 1);
  if (dialect == Dialect::k2020) std::ranges::reverse(order);

  std::string manifest;
  for (const std::string& name : order) {
    const Tensor& tensor = tensors[name];
    manifest += fmt::format(R"({}{{"name":"{}","shape":[{}],"dtype":"float32"}})",
                            manifest.empty() ? "" : ",", name, fmt::join(tensor.shape, ","));
    const auto* bytes = reinterpret_cast<const std::byte*>(tensor.values.data());
    weights.insert(weights.end(), bytes, bytes + tensor.values.size() * sizeof(float));
  }
  model = model_text(dialect, manifest);
  metadata = R"({"tfjsVersion":"1.1.2","userMetadata":{},"modelName":"small","labels":["Ruß","b","c"]})";
}

SmallExport::Answer SmallExport::answer(const std::vector<double>& image) const {
  std::map<std::string, Maps> maps;
  maps["input_1"] = {kSide, 3, image};
  const auto tensor = [&](const std::string& name) -> const Tensor& { return tensors.at(name); };
  for (const Layer& layer : layers()) {
    Maps out = maps.at(layer.from);
    if (layer.kind == "ZeroPadding2D") out = pad_end(out);
    if (layer.kind == "Conv2D")
      out = convolve(out, tensor(layer.name + "/kernel"), layer.stride, layer.same, false);
    if (layer.kind == "DepthwiseConv2D")
      out = convolve(out, tensor(layer.name + "/depthwise_kernel"), layer.stride, layer.same, true);
    if (layer.kind == "Add")
      for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] += maps.at(layer.second).values[i];
    for (std::size_t i = 0; i < out.values.size(); ++i) {
      const std::size_t c = i % static_cast<std::size_t>(out.channels);
      const auto norm = [&](const char* name) {
        return static_cast<double>(tensor(layer.name + "/" + name).values[c]);
      };
      if (layer.kind == "BatchNormalization")
        out.values[i] = (out.values[i] - norm("moving_mean")) / std::sqrt(norm("moving_variance") + 0.001) *
                            norm("gamma") +
                        norm("beta");
      if (layer.kind == "ReLU") out.values[i] = std::clamp(out.values[i], 0.0, 6.0);
    }
    maps[layer.name] = std::move(out);
  }
  const Maps& last = maps.at("out_relu");
  Answer answer{std::vector<double>(6), std::vector<double>(3)};
  for (std::size_t i = 0; i < last.values.size(); ++i)
    answer.embedding[i % 6] += last.values[i] / static_cast<double>(last.side * last.side);
  std::vector<double> hidden(5);
  for (std::size_t o = 0; o < 5; ++o) {
    double sum = static_cast<double>(tensor("dense_Dense1/bias").values[o]);
    for (std::size_t i = 0; i < 6; ++i)
      sum += answer.embedding[i] * static_cast<double>(tensor("dense_Dense1/kernel").values[i * 5 + o]);
    hidden[o] = std::max(sum, 0.0);
  }
  double total = 0;
  for (std::size_t c = 0; c < 3; ++c) {
    double sum = 0;
    for (std::size_t i = 0; i < 5; ++i)
      sum += hidden[i] * static_cast<double>(tensor("dense_Dense2/kernel").values[i * 3 + c]);
    total += answer.probabilities[c] = std::exp(sum);
  }
  for (double& probability : answer.probabilities) probability /= total;
  return answer;
}

}  // namespace fl::test
