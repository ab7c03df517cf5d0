#pragma once
// A TensorFlow.js export as Teachable Machine writes it, but small: an image model of a few channels for
// images of 224 x 224, with every kind of layer that MobileNetV2 has, in both dialects of model.json. Its
// weights are noise.

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

namespace fl::test {

struct SmallExport {
  enum class Dialect { k2019, k2020 };

  // The weights' order in the file differs from one dialect to the other; nothing may depend on it.
  explicit SmallExport(Dialect dialect);

  std::string model, metadata;  // JSON
  std::vector<std::byte> weights;
  struct Tensor {
    std::vector<int> shape;
    std::vector<float> values;
  };
  std::map<std::string, Tensor> tensors;  // those of the weights, by name

  // The probabilities of one image, [y][x][channel], by plain loops in double over the layers as TensorFlow
  // defines them; and the embedding that they are made from.
  struct Answer {
    std::vector<double> embedding, probabilities;
  };
  [[nodiscard]] Answer answer(const std::vector<double>& image) const;
};

}  // namespace fl::test
