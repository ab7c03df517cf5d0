#pragma once
// A list of TensorFlow.js layers as the models within models that Teachable Machine writes.

#include <cstddef>
#include <string>
#include <vector>

#include "trainer/base/json.h"

namespace fl {

struct TfjsLayer {
  std::string kind, name;
  Json::Object config;
  std::vector<std::string> inputs;  // earlier layers, or the image
};

struct TfjsGraph {
  std::string image;  // the name of the input
  int side = 0;       // of that, [side][side][3]
  std::vector<TfjsLayer> layers;
  std::size_t head =
      0;  // how many layers there are up to the first global average, it included; 0: there is none
};

// "modelTopology". Where a chain of layers that begins and ends with dense ones follows the average, it is
// Sequential[Sequential[Model, average], Sequential[the chain]], as Teachable Machine has it; else one Model.
Json tfjs_topology(const TfjsGraph& graph);

}  // namespace fl
