#pragma once
// An evaluator of ONNX image models that shares nothing with the program but the format's own classes: plain
// loops in double over the operators as docs/Operators.md of ONNX defines them, set 7, one image at a time.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <onnx/onnx_pb.h>

namespace fl::test {

class PlainOnnx {
 public:
  // Throws where the checker of ONNX refuses it, or anything is not known here.
  explicit PlainOnnx(const std::vector<std::byte>& file);

  [[nodiscard]] int side() const { return side_; }
  [[nodiscard]] const onnx::ModelProto& model() const { return model_; }
  [[nodiscard]] std::string metadata(const std::string& key) const;
  // Of side * side RGB bytes.
  [[nodiscard]] std::vector<double> probabilities(const std::vector<std::uint8_t>& rgb) const;

 private:
  struct Tensor {
    std::vector<int> shape;
    std::vector<double> values;
  };
  using Values = std::map<std::string, Tensor>;
  static Tensor convolve(const onnx::NodeProto& node, const std::vector<const Tensor*>& in);
  static Tensor enlarge(const onnx::NodeProto& node, const std::vector<const Tensor*>& in);
  static Tensor pool(const onnx::NodeProto& node, const Tensor& in);
  static Tensor multiply(const onnx::NodeProto& node, const std::vector<const Tensor*>& in);
  static Tensor apply(const onnx::NodeProto& node, const std::vector<const Tensor*>& in);

  onnx::ModelProto model_;
  Values weights_;
  int side_ = 0;
};

}  // namespace fl::test
