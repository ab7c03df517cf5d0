#pragma once
// A network's layers and weights as a TensorFlow.js layers model has them (github.com/tensorflow/tfjs,
// "tfjs-layers"): maps with the channels last, kernels [rows][columns][in][out], dense kernels [in][out].

#include <cstddef>
#include <string>
#include <vector>

#include "trainer/base/json.h"
#include "trainer/exports/leaving_model.h"

namespace fl {

struct TfjsModel {
  Json topology;                   // "modelTopology"
  Json manifest;                   // "weights" of the manifest: name, shape, dtype
  std::vector<std::byte> weights;  // little-endian floats, in the manifest's order
};

// Its input: [side][side][3], a byte b as b / 127 - 1, as Teachable Machine's pages make it; its output: the
// probabilities. Where maps are averaged and dense layers follow, these are in a model of their own, as
// Teachable Machine has them. Errors: a padded pooling layer that TensorFlow.js has no word for.
Result<TfjsModel> tfjs_model_of(const LeavingModel& model);

}  // namespace fl
