#pragma once
// The layers of a TensorFlow.js model as one list. In the file they stand in models within models, and in two
// dialects: until 2019 a Sequential's config is its list of layers, since 2020 it is a table that has the
// list.

#include <optional>
#include <string>
#include <vector>

#include "trainer/base/json.h"
#include "trainer/base/result.h"

namespace fl {

struct TfLayer {
  static constexpr int kImage = -1;
  std::string kind, name;   // "Conv2D", "block_1_expand"
  const Json* config;       // never null; part of the model's JSON
  std::vector<int> inputs;  // earlier layers, or kImage

  // What the config says under a key: null, `otherwise` or nothing where it does not, or says something else.
  [[nodiscard]] const Json* find(const char* key) const { return config->find(key); }
  [[nodiscard]] std::string text(const char* key, const char* otherwise) const;
  [[nodiscard]] bool flag(const char* key, bool otherwise) const;
  [[nodiscard]] std::optional<int> whole(const char* key, int low, int high) const;
  // The number that both places of a pair have.
  [[nodiscard]] std::optional<int> pair(const char* key, int low, int high) const;
};

struct TfModel {
  std::vector<TfLayer> layers;
  std::vector<int> image_shape;  // height, width, channels; empty where the model does not say
  int output = TfLayer::kImage;  // the layer whose output is the model's
};

// `topology`: "modelTopology" of a model.json, which must outlive the result. `file`: what errors call the
// model. Errors: a structure that makes no sense, or is too deep or too long.
Result<TfModel> read_tf_layers(const Json& topology, const std::string& file);

// The value where it is there, and a whole number of this range from 0 up.
std::optional<int> whole_in(const Json* value, int low, int high);

}  // namespace fl
