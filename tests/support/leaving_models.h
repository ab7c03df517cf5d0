#pragma once
// Models to export: networks of every kind of layer, with noise for weights, and images to compare them with.

#include <span>
#include <vector>

#include "trainer/base/random.h"
#include "trainer/exports/leaving_model.h"
#include "trainer/net/networks.h"
#include "trainer/net/param_layout.h"

namespace fl::test {

// `side`: of the images that it takes. Weights of a size that keeps values near 1.
inline LeavingModel noise_model(NetSpec network, int side, Shrinking shrinking = {}) {
  LeavingModel model{.title = "noise"};
  for (int c = 0; c < network.classes; ++c)
    model.labels.push_back(std::string(1, static_cast<char>('a' + c)));
  model.side = side;
  model.shrinking = shrinking;
  const ParamLayout layout = ParamLayout::of(network);
  model.params.resize(layout.all_floats);
  model.statistics.resize(layout.statistic_floats);
  RandomStream random(8, StreamId::kTest, 1);
  const auto fill = [&](const ParamTensor& tensor, std::vector<float>& arena, double low, double high) {
    for (std::size_t i = 0; i < tensor.count; ++i)
      arena[tensor.offset + i] = static_cast<float>(random.uniform(low, high));
  };
  for (const ParamTensor& tensor : layout.tensors) {
    const double size = std::sqrt(3.0 / std::max(tensor.fan_in, 1));
    if (tensor.kind == ParamKind::kScale)
      fill(tensor, model.params, 0.2, 0.8);
    else if (tensor.kind == ParamKind::kWeight)
      fill(tensor, model.params, -1.2 * size, 1.2 * size);
    else
      fill(tensor, model.params, -0.3, 0.5);
  }
  for (const ParamTensor& tensor : layout.statistics)
    if (tensor.kind == ParamKind::kScale)
      fill(tensor, model.statistics, 0.3, 2);
    else
      fill(tensor, model.statistics, -0.4, 0.4);
  for (int c = 0; c < network.input.channels; ++c) {
    if (network.input.channels == 1)
      model.scale.colour.push_back({0.299 / 60, 0.587 / 60, 0.114 / 60});
    else
      model.scale.colour.push_back({c == 0 ? 0.02 : 0, c == 1 ? 0.015 : 0, c == 2 ? 0.01 : 0});
    model.scale.offset.push_back(-1.5 + 0.2 * c);
  }
  model.network = std::move(network);
  return model;
}

// Smooth patches in colour, each image its own.
inline Bitmap patches(int side, std::uint32_t which) {
  Bitmap image{side, side, 3, {}};
  RandomStream random(9, StreamId::kTest, which);
  double phase[6];
  for (double& value : phase) value = random.uniform(0, 6.28);
  for (int y = 0; y < side; ++y)
    for (int x = 0; x < side; ++x)
      for (int c = 0; c < 3; ++c) {
        const double u = 9.0 * x / side, v = 7.0 * y / side;
        const double wave = std::sin(u + phase[c]) * std::cos(v * (1 + which % 3) + phase[3 + c]);
        image.pixels.push_back(static_cast<std::uint8_t>(127.5 + 120 * wave));
      }
  return image;
}

struct NamedModel {
  const char* name;
  LeavingModel model;
};

// Every kind of layer, in places that come naturally and in others.
inline std::vector<NamedModel> leaving_models() {
  using K = LayerKind;
  std::vector<NamedModel> models;
  models.push_back({"ct-small, grey", noise_model(ct_small({1, 32, 32}, 3), 224, {1, 7})});
  models.push_back({"ct-small, enlarged", noise_model(ct_small({3, 64, 64}, 2), 224, {2, 7})});
  models.push_back({"ct-resnet", noise_model(ct_resnet({3, 24, 24}, 4, true), 24)});
  models.push_back({"mlp", noise_model(mlp({3, 10, 10}, 3), 10)});
  NetSpec odd{"odd", {3, 21, 21}, 3, {}};
  odd.layers = {
      {.kind = K::kConvolution,
       .name = "-1st",
       .out_channels = 6,
       .kernel = 3,
       .stride = 2,
       .padding_end = 2,
       .bias = false},
      {.kind = K::kBatchNorm, .name = "image", .epsilon = 1e-3},
      {.kind = K::kRelu, .name = "r"},
      {.kind = K::kMaxPool, .name = "m", .kernel = 3, .stride = 2, .padding = 1},
      {.kind = K::kDepthwise, .name = "d", .kernel = 3, .padding = 1},
      {.kind = K::kRelu6, .name = "r6"},
      {.kind = K::kAveragePool, .name = "a", .kernel = 3, .stride = 1, .padding = 1},
      {.kind = K::kAdd, .name = "s", .second = 5},
      {.kind = K::kBatchNorm, .name = "n"},
      {.kind = K::kDropout, .name = "drop"},
      {.kind = K::kMaxPool, .name = "m2", .kernel = 3, .stride = 1, .padding = 1},
      {.kind = K::kGlobalAveragePool, .name = "g"},
      {.kind = K::kBatchNorm, .name = "n2"},
      {.kind = K::kConvolution, .name = "back", .out_channels = 6, .kernel = 1},
      {.kind = K::kAdd, .name = "s2", .second = 12},
      {.kind = K::kDense, .name = "flat", .out_channels = 8},
      {.kind = K::kRelu6, .name = "six"},
      {.kind = K::kDense, .name = "out", .out_channels = 3},
      {.kind = K::kRelu, .name = "last"},
  };
  models.push_back({"odd", noise_model(std::move(odd), 21)});
  NetSpec maps{"maps", {1, 16, 16}, 2, {}};
  maps.layers = {
      {.kind = K::kConvolution, .name = "c", .out_channels = 2, .kernel = 5, .stride = 3, .padding = 2},
      {.kind = K::kAveragePool, .name = "p", .kernel = 6, .stride = 6}};
  models.push_back({"ends in maps", noise_model(std::move(maps), 16)});
  return models;
}

}  // namespace fl::test
