#include "tests/support/plain_tfjs.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>
#include <stdexcept>

#include <zip.h>

namespace fl::test {
namespace {

using nlohmann::json;

json parse(const ZipFiles& files, const char* name) {
  const auto& bytes = files.at(name);
  return json::parse(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
}

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

int both(const json& config, const char* key) {
  require(config.at(key).size() == 2 && config.at(key)[0] == config.at(key)[1], key);
  return config.at(key)[0].get<int>();
}

// Outputs along one side, and how many zeros lie before.
struct Window {
  int outputs = 0, before = 0;
};
Window window(int inputs, int kernel, int stride, const std::string& padding) {
  if (padding == "valid") return {(inputs - kernel) / stride + 1, 0};
  require(padding == "same", "padding " + padding);
  const int outputs = (inputs + stride - 1) / stride;
  return {outputs, std::max(0, (outputs - 1) * stride + kernel - inputs) / 2};
}

void activate(const std::string& name, std::vector<double>& values) {
  if (name == "linear") return;
  if (name == "relu") {
    for (double& value : values) value = std::max(value, 0.0);
    return;
  }
  require(name == "softmax", "activation " + name);
  const double most = *std::ranges::max_element(values);
  double sum = 0;
  for (double& value : values) sum += value = std::exp(value - most);
  for (double& value : values) value /= sum;
}

}  // namespace

ZipFiles unzip(const std::filesystem::path& path) {
  int code = 0;
  zip_t* archive = zip_open(path.c_str(), ZIP_RDONLY, &code);
  require(archive != nullptr, "no ZIP: " + path.string());
  ZipFiles files;
  for (zip_int64_t i = 0; i < zip_get_num_entries(archive, 0); ++i) {
    zip_stat_t stat;
    zip_stat_index(archive, static_cast<zip_uint64_t>(i), 0, &stat);
    auto& bytes = files[stat.name];
    bytes.resize(stat.size);
    zip_file_t* file = zip_fopen_index(archive, static_cast<zip_uint64_t>(i), 0);
    require(
        file != nullptr && zip_fread(file, bytes.data(), stat.size) == static_cast<zip_int64_t>(stat.size),
        stat.name);
    zip_fclose(file);
  }
  zip_discard(archive);
  return files;
}

PlainTfjs::PlainTfjs(const ZipFiles& files) : metadata_(parse(files, "metadata.json")) {
  labels_ = metadata_.at("labels").get<std::vector<std::string>>();
  const json model = parse(files, "model.json");
  const json& group = model.at("weightsManifest").at(0);
  std::vector<std::byte> bytes;
  for (const json& path : group.at("paths")) {
    const auto& part = files.at(path.get<std::string>());
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  std::size_t at = 0;
  for (const json& entry : group.at("weights")) {
    require(entry.at("dtype") == "float32" && !entry.contains("quantization"), "dtype");
    Tensor tensor{entry.at("shape").get<std::vector<int>>(), {}};
    std::size_t count = 1;
    for (const int extent : tensor.shape) count *= static_cast<std::size_t>(extent);
    require(at + 4 * count <= bytes.size(), "weights cut");
    for (std::size_t i = 0; i < count; ++i, at += 4) {
      float value = 0;
      std::memcpy(&value, bytes.data() + at, 4);
      tensor.values.push_back(static_cast<double>(value));
    }
    require(tensors_.emplace(entry.at("name"), std::move(tensor)).second, "weights twice");
  }
  require(at == bytes.size(), "weights left over");
  const std::size_t last = flatten(model.at("modelTopology"), 0);
  require(last == layers_.size(), "the output is not the last layer's");
  std::set<std::string> unique(names_.begin(), names_.end());
  require(unique.size() == names_.size(), "two layers of one name");
}

std::size_t PlainTfjs::flatten(const json& layer, std::size_t input) {
  const std::string kind = layer.at("class_name");
  const json& config = layer.at("config");
  if (kind == "Sequential") {
    for (const json& inner : config.at("layers")) input = flatten(inner, input);
    return input;
  }
  if (kind != "Model") {
    names_.push_back(config.at("name"));
    layers_.push_back({kind, config.at("name"), config, {input}});
    return layers_.size();
  }
  std::map<std::string, std::size_t> outputs;
  for (const json& inner : config.at("layers")) {
    const std::string name = inner.at("name");
    require(name == inner.at("config").at("name"), "two names");
    if (inner.at("class_name") == "InputLayer") {
      const json shape = inner.at("config").at("batch_input_shape");
      require(shape.size() == 4 && shape[0].is_null() && shape[1] == shape[2] && shape[3] == 3,
              "input shape");
      side_ = shape[1];
      outputs[name] = input;
      continue;
    }
    Layer made{inner.at("class_name"), name, inner.at("config"), {}};
    require(inner.at("inbound_nodes").size() == 1, "nodes");
    for (const json& node : inner.at("inbound_nodes")[0]) made.inputs.push_back(outputs.at(node.at(0)));
    names_.push_back(name);
    layers_.push_back(std::move(made));
    require(outputs.emplace(name, layers_.size()).second, "a name twice");
  }
  return outputs.at(config.at("output_layers").at(0).at(0));
}

std::vector<std::string> PlainTfjs::kinds() const {
  std::vector<std::string> kinds;
  for (const Layer& layer : layers_) kinds.push_back(layer.kind);
  return kinds;
}

const std::vector<double>& PlainTfjs::weights(const Layer& layer, const char* what,
                                              const std::vector<int>& shape) const {
  const Tensor& tensor = tensors_.at(layer.name + "/" + what);
  require(tensor.shape == shape, layer.name + ": shape of " + what);
  return tensor.values;
}

PlainTfjs::Maps PlainTfjs::convolve(const Layer& layer, const Maps& in) const {
  const bool depthwise = layer.kind == "DepthwiseConv2D";
  const json& config = layer.config;
  const int k = both(config, "kernel_size"), stride = both(config, "strides");
  require(both(config, "dilation_rate") == 1 && config.at("data_format") == "channels_last", "convolution");
  const int out = depthwise ? in.channels : config.at("filters").get<int>();
  const auto& kernel = depthwise ? weights(layer, "depthwise_kernel", {k, k, in.channels, 1})
                                 : weights(layer, "kernel", {k, k, in.channels, out});
  const Window down = window(in.height, k, stride, config.at("padding")),
               across = window(in.width, k, stride, config.at("padding"));
  Maps maps{down.outputs, across.outputs, out, {}};
  for (int y = 0; y < down.outputs; ++y)
    for (int x = 0; x < across.outputs; ++x)
      for (int o = 0; o < out; ++o) {
        double sum = config.at("use_bias").get<bool>()
                         ? weights(layer, "bias", {out})[static_cast<std::size_t>(o)]
                         : 0;
        for (int ky = 0; ky < k; ++ky)
          for (int kx = 0; kx < k; ++kx) {
            const int iy = y * stride + ky - down.before, ix = x * stride + kx - across.before;
            if (iy < 0 || ix < 0 || iy >= in.height || ix >= in.width) continue;
            for (int i = depthwise ? o : 0; i < (depthwise ? o + 1 : in.channels); ++i)
              sum +=
                  in.at(iy, ix, i) *
                  kernel[static_cast<std::size_t>(depthwise ? (ky * k + kx) * in.channels + i
                                                            : ((ky * k + kx) * in.channels + i) * out + o)];
          }
        maps.values.push_back(sum);
      }
  activate(config.at("activation"), maps.values);
  return maps;
}

PlainTfjs::Maps PlainTfjs::pool(const Layer& layer, const Maps& in) const {
  const json& config = layer.config;
  const int k = both(config, "pool_size"), stride = both(config, "strides");
  const Window down = window(in.height, k, stride, config.at("padding")),
               across = window(in.width, k, stride, config.at("padding"));
  Maps maps{down.outputs, across.outputs, in.channels, {}};
  for (int y = 0; y < down.outputs; ++y)
    for (int x = 0; x < across.outputs; ++x)
      for (int c = 0; c < in.channels; ++c) {
        double sum = 0, most = -1e300;
        int count = 0;
        for (int ky = 0; ky < k; ++ky)
          for (int kx = 0; kx < k; ++kx) {
            const int iy = y * stride + ky - down.before, ix = x * stride + kx - across.before;
            if (iy < 0 || ix < 0 || iy >= in.height || ix >= in.width) continue;
            sum += in.at(iy, ix, c);
            most = std::max(most, in.at(iy, ix, c));
            ++count;
          }
        maps.values.push_back(layer.kind == "MaxPooling2D" ? most : sum / count);
      }
  return maps;
}

PlainTfjs::Maps PlainTfjs::dense(const Layer& layer, const Maps& in) const {
  require(in.row, "dense reads a row");
  const int units = layer.config.at("units");
  const auto& kernel = weights(layer, "kernel", {in.channels, units});
  Maps out{1, 1, units, {}, true};
  for (int o = 0; o < units; ++o) {
    double sum = layer.config.at("use_bias").get<bool>()
                     ? weights(layer, "bias", {units})[static_cast<std::size_t>(o)]
                     : 0;
    for (int i = 0; i < in.channels; ++i)
      sum += in.values[static_cast<std::size_t>(i)] * kernel[static_cast<std::size_t>(i * units + o)];
    out.values.push_back(sum);
  }
  activate(layer.config.at("activation"), out.values);
  return out;
}

PlainTfjs::Maps PlainTfjs::normalise(const Layer& layer, const Maps& in) const {
  require(layer.config.at("axis") == -1, "axis");
  const double epsilon = layer.config.at("epsilon");
  const auto values = [&](const char* what) { return weights(layer, what, {in.channels}); };
  const auto gamma = values("gamma"), beta = values("beta"), mean = values("moving_mean"),
             variance = values("moving_variance");
  Maps out = in;
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const std::size_t c = i % static_cast<std::size_t>(in.channels);
    out.values[i] = (in.values[i] - mean[c]) / std::sqrt(variance[c] + epsilon) * gamma[c] + beta[c];
  }
  return out;
}

PlainTfjs::Maps PlainTfjs::apply(const Layer& layer, const std::vector<const Maps*>& inputs) const {
  const Maps& in = *inputs.front();
  const std::string& kind = layer.kind;
  require(inputs.size() == (kind == "Add" ? 2u : 1u), "inputs of " + kind);
  if (kind == "Dense") return dense(layer, in);
  if (kind == "BatchNormalization") return normalise(layer, in);
  Maps out = in;
  if (kind == "Dropout") return out;
  if (kind == "Activation") {
    activate(layer.config.at("activation"), out.values);
    return out;
  }
  if (kind == "ReLU") {
    for (double& value : out.values)
      value = std::clamp(value, 0.0, layer.config.at("max_value").get<double>());
    return out;
  }
  if (kind == "Add") {
    const Maps& other = *inputs.back();
    require(in.height == other.height && in.width == other.width && in.channels == other.channels &&
                in.row == other.row,
            "sum");
    for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] += other.values[i];
    return out;
  }
  if (kind == "Reshape") {
    require(in.row && layer.config.at("target_shape") == json({1, 1, in.channels}), "reshape");
    out.row = false;
    return out;
  }
  require(!in.row, kind + " reads maps");
  if (kind == "Conv2D" || kind == "DepthwiseConv2D") return convolve(layer, in);
  if (kind == "MaxPooling2D" || kind == "AveragePooling2D") return pool(layer, in);
  if (kind == "Flatten") return {1, 1, in.height * in.width * in.channels, in.values, true};
  if (kind == "GlobalAveragePooling2D") {
    Maps mean{1, 1, in.channels, std::vector<double>(static_cast<std::size_t>(in.channels), 0.0), true};
    for (std::size_t i = 0; i < in.values.size(); ++i)
      mean.values[i % static_cast<std::size_t>(in.channels)] += in.values[i] / (in.height * in.width);
    return mean;
  }
  if (kind == "ZeroPadding2D") {
    const json& sides = layer.config.at("padding");
    Maps wide{in.height + sides[0][0].get<int>() + sides[0][1].get<int>(),
              in.width + sides[1][0].get<int>() + sides[1][1].get<int>(),
              in.channels,
              {}};
    for (int y = 0; y < wide.height; ++y)
      for (int x = 0; x < wide.width; ++x)
        for (int c = 0; c < in.channels; ++c) {
          const int iy = y - sides[0][0].get<int>(), ix = x - sides[1][0].get<int>();
          wide.values.push_back(iy < 0 || ix < 0 || iy >= in.height || ix >= in.width ? 0 : in.at(iy, ix, c));
        }
    return wide;
  }
  require(kind == "UpSampling2D", "layer " + kind);
  const int times = both(layer.config, "size");
  Maps large{in.height * times, in.width * times, in.channels, {}};
  for (int y = 0; y < large.height; ++y)
    for (int x = 0; x < large.width; ++x)
      for (int c = 0; c < in.channels; ++c) large.values.push_back(in.at(y / times, x / times, c));
  return large;
}

std::vector<double> PlainTfjs::probabilities(const std::vector<std::uint8_t>& rgb) const {
  require(rgb.size() == static_cast<std::size_t>(3 * side_ * side_), "image size");
  std::vector<Maps> outputs{{side_, side_, 3, {}}};
  for (const std::uint8_t byte : rgb) outputs.front().values.push_back(byte / 127.0 - 1);
  for (const Layer& layer : layers_) {
    std::vector<const Maps*> inputs;
    for (const std::size_t input : layer.inputs) inputs.push_back(&outputs[input]);
    Maps out = apply(layer, inputs);
    outputs.push_back(std::move(out));
  }
  return outputs.back().values;
}

}  // namespace fl::test
