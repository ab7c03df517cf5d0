#include "tests/support/plain_onnx.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <stdexcept>

#include <onnx/checker.h>

namespace fl::test {
namespace {

void require(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

const onnx::AttributeProto* find(const onnx::NodeProto& node, const char* name) {
  for (const auto& attribute : node.attribute())
    if (attribute.name() == name) return &attribute;
  return nullptr;
}
std::vector<int> ints(const onnx::NodeProto& node, const char* name, std::vector<int> otherwise) {
  const auto* found = find(node, name);
  if (found == nullptr) return otherwise;
  return {found->ints().begin(), found->ints().end()};
}
int whole(const onnx::NodeProto& node, const char* name, int otherwise) {
  const auto* found = find(node, name);
  return found == nullptr ? otherwise : static_cast<int>(found->i());
}
double real(const onnx::NodeProto& node, const char* name, double otherwise) {
  const auto* found = find(node, name);
  return found == nullptr ? otherwise : static_cast<double>(found->f());
}

std::size_t count(const std::vector<int>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::size_t{1}, [](std::size_t product, int extent) {
    return product * static_cast<std::size_t>(extent);
  });
}

// [1][channel][y][x]
std::size_t at(const std::vector<int>& shape, int c, int y, int x) {
  return static_cast<std::size_t>((c * shape[2] + y) * shape[3] + x);
}

struct Window {
  int kernel = 1, stride = 1, before = 0, height = 0, width = 0;
};
Window window_of(const onnx::NodeProto& node, const std::vector<int>& shape) {
  const auto kernel = ints(node, "kernel_shape", {}), strides = ints(node, "strides", {1, 1}),
             pads = ints(node, "pads", {0, 0, 0, 0});
  require(kernel.size() == 2 && kernel[0] == kernel[1] && strides[0] == strides[1] && pads[0] == pads[1] &&
              find(node, "auto_pad") == nullptr && find(node, "dilations") == nullptr,
          node.name());
  return {kernel[0], strides[0], pads[0], (shape[2] + pads[0] + pads[2] - kernel[0]) / strides[0] + 1,
          (shape[3] + pads[1] + pads[3] - kernel[1]) / strides[1] + 1};
}

}  // namespace

PlainOnnx::PlainOnnx(const std::vector<std::byte>& file) {
  require(model_.ParseFromArray(file.data(), static_cast<int>(file.size())), "not an ONNX file");
  onnx::checker::check_model(model_);
  require(model_.opset_import_size() == 1 && model_.opset_import(0).version() == 7, "operators");
  for (const auto& tensor : model_.graph().initializer()) {
    Tensor& made = weights_[tensor.name()];
    made.shape.assign(tensor.dims().begin(), tensor.dims().end());
    require(
        tensor.data_type() == onnx::TensorProto::FLOAT && tensor.raw_data().size() == 4 * count(made.shape),
        tensor.name());
    for (std::size_t i = 0; i < count(made.shape); ++i) {
      float value = 0;
      std::memcpy(&value, tensor.raw_data().data() + 4 * i, 4);
      made.values.push_back(static_cast<double>(value));
    }
  }
  require(model_.graph().input_size() == 1 && model_.graph().output_size() == 1, "inputs");
  const auto& image = model_.graph().input(0).type().tensor_type();
  require(image.elem_type() == onnx::TensorProto::UINT8 && image.shape().dim_size() == 4, "image");
  side_ = static_cast<int>(image.shape().dim(1).dim_value());
}

std::string PlainOnnx::metadata(const std::string& key) const {
  for (const auto& entry : model_.metadata_props())
    if (entry.key() == key) return entry.value();
  throw std::runtime_error("no " + key);
}

PlainOnnx::Tensor PlainOnnx::convolve(const onnx::NodeProto& node, const std::vector<const Tensor*>& in) {
  const auto& [shape, values] = *in[0];
  const Tensor& kernel = *in[1];
  const int groups = whole(node, "group", 1), outs = kernel.shape[0], ins = kernel.shape[1];
  require(ins * groups == shape[1] && outs % groups == 0, node.name());
  const Window window = window_of(node, shape);
  Tensor out{{1, outs, window.height, window.width}, {}};
  for (int o = 0; o < outs; ++o)
    for (int y = 0; y < window.height; ++y)
      for (int x = 0; x < window.width; ++x) {
        double sum = in.size() > 2 ? in[2]->values[static_cast<std::size_t>(o)] : 0;
        for (int i = 0; i < ins; ++i)
          for (int ky = 0; ky < window.kernel; ++ky)
            for (int kx = 0; kx < window.kernel; ++kx) {
              const int iy = y * window.stride + ky - window.before,
                        ix = x * window.stride + kx - window.before;
              if (iy < 0 || ix < 0 || iy >= shape[2] || ix >= shape[3]) continue;
              const std::size_t weight =
                  static_cast<std::size_t>(((o * ins + i) * window.kernel + ky) * window.kernel + kx);
              sum += values[at(shape, o / (outs / groups) * ins + i, iy, ix)] * kernel.values[weight];
            }
        out.values.push_back(sum);
      }
  return out;
}

// A transposed convolution whose kernel is as large as its stride.
PlainOnnx::Tensor PlainOnnx::enlarge(const onnx::NodeProto& node, const std::vector<const Tensor*>& in) {
  const auto& [shape, values] = *in[0];
  const auto strides = ints(node, "strides", {1, 1});
  const int k = strides[0];
  require(in[1]->shape == std::vector<int>({shape[1], 1, k, k}) && strides[1] == k &&
              whole(node, "group", 1) == shape[1],
          node.name());
  Tensor out{{1, shape[1], shape[2] * k, shape[3] * k}, {}};
  for (int c = 0; c < shape[1]; ++c)
    for (int y = 0; y < shape[2] * k; ++y)
      for (int x = 0; x < shape[3] * k; ++x)
        out.values.push_back(values[at(shape, c, y / k, x / k)] *
                             in[1]->values[static_cast<std::size_t>((c * k + y % k) * k + x % k)]);
  return out;
}

PlainOnnx::Tensor PlainOnnx::pool(const onnx::NodeProto& node, const Tensor& in) {
  const Window window = window_of(node, in.shape);
  require(whole(node, "count_include_pad", 0) == 0, node.name());
  Tensor out{{1, in.shape[1], window.height, window.width}, {}};
  for (int c = 0; c < in.shape[1]; ++c)
    for (int y = 0; y < window.height; ++y)
      for (int x = 0; x < window.width; ++x) {
        double sum = 0, most = -1e300;
        int pixels = 0;
        for (int ky = 0; ky < window.kernel; ++ky)
          for (int kx = 0; kx < window.kernel; ++kx) {
            const int iy = y * window.stride + ky - window.before,
                      ix = x * window.stride + kx - window.before;
            if (iy < 0 || ix < 0 || iy >= in.shape[2] || ix >= in.shape[3]) continue;
            const double value = in.values[at(in.shape, c, iy, ix)];
            sum += value;
            most = std::max(most, value);
            ++pixels;
          }
        out.values.push_back(node.op_type() == "MaxPool" ? most : sum / pixels);
      }
  return out;
}

PlainOnnx::Tensor PlainOnnx::multiply(const onnx::NodeProto& node, const std::vector<const Tensor*>& in) {
  require(whole(node, "transB", 0) == 1 && whole(node, "transA", 0) == 0 && real(node, "alpha", 1) == 1 &&
              real(node, "beta", 1) == 1 && in[0]->shape.size() == 2 && in[0]->shape[1] == in[1]->shape[1],
          node.name());
  const int outs = in[1]->shape[0], ins = in[1]->shape[1];
  Tensor out{{1, outs}, {}};
  for (int o = 0; o < outs; ++o) {
    double sum = in[2]->values[static_cast<std::size_t>(o)];
    for (int i = 0; i < ins; ++i)
      sum +=
          in[0]->values[static_cast<std::size_t>(i)] * in[1]->values[static_cast<std::size_t>(o * ins + i)];
    out.values.push_back(sum);
  }
  return out;
}

PlainOnnx::Tensor PlainOnnx::apply(const onnx::NodeProto& node, const std::vector<const Tensor*>& in) {
  const std::string& kind = node.op_type();
  Tensor out = *in[0];
  const std::vector<int>& shape = in[0]->shape;
  if (kind == "Conv") return convolve(node, in);
  if (kind == "ConvTranspose") return enlarge(node, in);
  if (kind == "MaxPool" || kind == "AveragePool") return pool(node, out);
  if (kind == "Gemm") return multiply(node, in);
  if (kind == "Cast") {
    require(whole(node, "to", 0) == onnx::TensorProto::FLOAT, node.name());
  } else if (kind == "Transpose") {
    require(ints(node, "perm", {}) == std::vector<int>({0, 3, 1, 2}), node.name());
    out.shape = {1, shape[3], shape[1], shape[2]};
    for (int y = 0; y < shape[1]; ++y)
      for (int x = 0; x < shape[2]; ++x)
        for (int c = 0; c < shape[3]; ++c)
          out.values[at(out.shape, c, y, x)] =
              in[0]->values[static_cast<std::size_t>((y * shape[2] + x) * shape[3] + c)];
  } else if (kind == "Relu") {
    for (double& value : out.values) value = std::max(value, 0.0);
  } else if (kind == "Clip") {
    for (double& value : out.values)
      value = std::clamp(value, real(node, "min", -1e300), real(node, "max", 1e300));
  } else if (kind == "Add") {
    require(in[1]->shape == shape, node.name());
    for (std::size_t i = 0; i < out.values.size(); ++i) out.values[i] += in[1]->values[i];
  } else if (kind == "Flatten") {
    require(whole(node, "axis", 1) == 1, node.name());
    out.shape = {1, static_cast<int>(out.values.size())};
  } else if (kind == "Unsqueeze") {
    require(ints(node, "axes", {}) == std::vector<int>({2, 3}), node.name());
    out.shape.insert(out.shape.end(), {1, 1});
  } else if (kind == "GlobalAveragePool") {
    const int area = shape[2] * shape[3];
    out = {{1, shape[1], 1, 1}, std::vector<double>(static_cast<std::size_t>(shape[1]), 0.0)};
    for (std::size_t i = 0; i < in[0]->values.size(); ++i)
      out.values[i / static_cast<std::size_t>(area)] += in[0]->values[i] / area;
  } else if (kind == "BatchNormalization") {
    const std::size_t area = out.values.size() / static_cast<std::size_t>(shape[1]);
    for (std::size_t i = 0; i < out.values.size(); ++i) {
      const std::size_t c = i / area;
      out.values[i] = (out.values[i] - in[3]->values[c]) /
                          std::sqrt(in[4]->values[c] + real(node, "epsilon", 1e-5)) * in[1]->values[c] +
                      in[2]->values[c];
    }
  } else {
    require(kind == "Softmax" && whole(node, "axis", 1) == 1 && shape.size() == 2, "operator " + kind);
    const double most = *std::ranges::max_element(out.values);
    double sum = 0;
    for (double& value : out.values) sum += value = std::exp(value - most);
    for (double& value : out.values) value /= sum;
  }
  return out;
}

std::vector<double> PlainOnnx::probabilities(const std::vector<std::uint8_t>& rgb) const {
  Values values;
  Tensor image{{1, side_, side_, 3}, {rgb.begin(), rgb.end()}};
  require(rgb.size() == count(image.shape), "image size");
  values[model_.graph().input(0).name()] = std::move(image);
  for (const auto& node : model_.graph().node()) {
    std::vector<const Tensor*> in;
    for (const std::string& name : node.input())
      in.push_back(values.contains(name) ? &values.at(name) : &weights_.at(name));
    Tensor out = apply(node, in);
    require(values.emplace(node.output(0), std::move(out)).second, node.output(0) + " twice");
  }
  return values.at(model_.graph().output(0).name()).values;
}

}  // namespace fl::test
