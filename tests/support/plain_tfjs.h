#pragma once
// A reader of TensorFlow.js image models that shares nothing with the program: its own way through
// model.json, and plain loops in double over the layers as TensorFlow defines them, maps with the channels
// last.

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace fl::test {

using ZipFiles = std::map<std::string, std::vector<std::byte>>;
ZipFiles unzip(const std::filesystem::path& path);

class PlainTfjs {
 public:
  // Throws where anything is missing, left over, or not known here.
  explicit PlainTfjs(const ZipFiles& files);

  [[nodiscard]] int side() const { return side_; }
  [[nodiscard]] const std::vector<std::string>& labels() const { return labels_; }
  [[nodiscard]] const nlohmann::json& metadata() const { return metadata_; }
  // Classes of the layers, in the order of evaluation; models by their layers.
  [[nodiscard]] std::vector<std::string> kinds() const;
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

  // Of side * side RGB bytes.
  [[nodiscard]] std::vector<double> probabilities(const std::vector<std::uint8_t>& rgb) const;

 private:
  struct Maps {
    int height = 1, width = 1, channels = 0;
    std::vector<double> values;
    bool row = false;  // of numbers, without height and width
    [[nodiscard]] double at(int y, int x, int c) const {
      return values[static_cast<std::size_t>((y * width + x) * channels + c)];
    }
  };
  struct Layer {
    std::string kind, name;
    nlohmann::json config;
    std::vector<std::size_t> inputs;  // 0: the image; else 1 + the layer
  };
  struct Tensor {
    std::vector<int> shape;
    std::vector<double> values;
  };
  std::size_t flatten(const nlohmann::json& layer, std::size_t input);
  [[nodiscard]] const std::vector<double>& weights(const Layer& layer, const char* what,
                                                   const std::vector<int>& shape) const;
  [[nodiscard]] Maps apply(const Layer& layer, const std::vector<const Maps*>& inputs) const;
  [[nodiscard]] Maps convolve(const Layer& layer, const Maps& in) const;
  [[nodiscard]] Maps pool(const Layer& layer, const Maps& in) const;
  [[nodiscard]] Maps dense(const Layer& layer, const Maps& in) const;
  [[nodiscard]] Maps normalise(const Layer& layer, const Maps& in) const;

  int side_ = 0;
  std::vector<std::string> labels_, names_;
  nlohmann::json metadata_;
  std::vector<Layer> layers_;
  std::map<std::string, Tensor> tensors_;
};

}  // namespace fl::test
