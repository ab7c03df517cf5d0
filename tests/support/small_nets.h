#pragma once
// Small networks that hold every layer kind between them: what backends are compared on.

#include <vector>

#include "trainer/net/net_spec.h"

namespace fl::test {

// Every layer kind in one small net, with a stride, a kernel without padding, and a ReLU that neither follows
// a convolution nor precedes a pooling.
inline NetSpec mixed_net() {
  NetSpec spec{"mixed", {2, 9, 7}, 3, {}};
  spec.layers = {
      {.kind = LayerKind::kConvolution,
       .name = "c1",
       .out_channels = 5,
       .kernel = 3,
       .stride = 2,
       .padding = 1},
      {.kind = LayerKind::kRelu, .name = "r1"},
      {.kind = LayerKind::kConvolution, .name = "c2", .out_channels = 6, .kernel = 2},
      {.kind = LayerKind::kMaxPool, .name = "p1", .kernel = 2, .stride = 1},
      {.kind = LayerKind::kRelu, .name = "r2"},
      {.kind = LayerKind::kDense, .name = "d1", .out_channels = 7},
      {.kind = LayerKind::kRelu, .name = "r3"},
      {.kind = LayerKind::kDense, .name = "d2", .out_channels = 3},
  };
  return spec;
}

inline NetSpec averaged_net() {
  NetSpec spec{"averaged", {1, 8, 8}, 2, {}};
  spec.layers = {
      {.kind = LayerKind::kConvolution, .name = "c1", .out_channels = 4, .kernel = 3, .padding = 1},
      {.kind = LayerKind::kRelu, .name = "r1"},
      {.kind = LayerKind::kMaxPool, .name = "p1", .kernel = 2, .stride = 2},
      {.kind = LayerKind::kGlobalAveragePool, .name = "g"},
      {.kind = LayerKind::kDense, .name = "d", .out_channels = 2},
  };
  return spec;
}

// The rest of the layer kinds: residual additions whose summands have other readers too, batch norms with and
// without a ReLU behind them, a projection, depthwise convolution, ReLU6, average pooling, no biases.
inline NetSpec residual_net() {
  NetSpec spec{"residual", {2, 8, 8}, 3, {}};
  spec.layers = {
      {.kind = LayerKind::kConvolution,
       .name = "c0",
       .out_channels = 4,
       .kernel = 3,
       .padding = 1,
       .bias = false},
      {.kind = LayerKind::kBatchNorm, .name = "n0"},
      {.kind = LayerKind::kRelu, .name = "r0"},  // 2
      {.kind = LayerKind::kDepthwise, .name = "dw", .kernel = 3, .stride = 2, .padding = 1},
      {.kind = LayerKind::kBatchNorm, .name = "n1"},
      {.kind = LayerKind::kRelu6, .name = "r1"},
      {.kind = LayerKind::kConvolution, .name = "c2", .out_channels = 6, .kernel = 1, .bias = false},
      {.kind = LayerKind::kBatchNorm, .name = "n2"},  // 7
      {.kind = LayerKind::kConvolution,
       .name = "short",
       .input = 2,
       .out_channels = 6,
       .kernel = 1,
       .stride = 2},
      {.kind = LayerKind::kAdd, .name = "a", .input = 7, .second = 8},  // 9
      {.kind = LayerKind::kRelu, .name = "r2"},                         // 10
      {.kind = LayerKind::kAdd, .name = "b", .input = 10, .second = 9},
      {.kind = LayerKind::kAveragePool, .name = "p", .kernel = 3, .stride = 2, .padding = 1},
      {.kind = LayerKind::kGlobalAveragePool, .name = "g"},
      {.kind = LayerKind::kDense, .name = "d", .out_channels = 3, .bias = false},
  };
  return spec;
}

// Margins that differ from side to side, wherever a convolution may have them: on the image, below several
// readers, on top of a sum, around frozen weights; activations in convolutions and dense layers.
inline NetSpec margins_net() {
  NetSpec spec{"margins", {2, 8, 10}, 3, {}};
  spec.layers = {
      {.kind = LayerKind::kConvolution,
       .name = "c0",
       .out_channels = 4,
       .kernel = 3,
       .stride = 2,
       .padding_end = 1},
      {.kind = LayerKind::kRelu6, .name = "r0"},  // 1
      {.kind = LayerKind::kDepthwise, .name = "dw", .kernel = 3, .stride = 2, .padding_end = 1},
      {.kind = LayerKind::kRelu6, .name = "r1"},
      {.kind = LayerKind::kConvolution, .name = "c1", .out_channels = 5, .kernel = 1},  // 4
      {.kind = LayerKind::kConvolution,
       .name = "c2",
       .input = 1,
       .out_channels = 5,
       .kernel = 4,
       .stride = 2,
       .padding = 2,
       .padding_end = 0,
       .bias = false},
      {.kind = LayerKind::kAdd, .name = "a", .input = 4, .second = 5},
      {.kind = LayerKind::kConvolution, .name = "c3", .out_channels = 6, .kernel = 2, .padding_end = 1},
      {.kind = LayerKind::kRelu, .name = "r2"},
      {.kind = LayerKind::kDense, .name = "d1", .out_channels = 7},
      {.kind = LayerKind::kRelu6, .name = "r3"},
      {.kind = LayerKind::kDense, .name = "d2", .out_channels = 3},
  };
  return spec;
}

// On the numbers of three images of different sizes, one of which several layers read and one of which is a
// row; two layers learn at a rate of their own.
inline NetSpec parts_net() {
  NetSpec spec{"parts", {4 * 36 + 3 + 2 * 30, 1, 1}, 3, {}};
  spec.layers = {
      {.kind = LayerKind::kPart, .name = "maps", .part = {4, 6, 6}},
      {.kind = LayerKind::kPart, .name = "wide", .begin = 4 * 36 + 3, .part = {2, 5, 6}},
      {.kind = LayerKind::kPart, .name = "row", .begin = 4 * 36, .part = {3, 1, 1}},
      {.kind = LayerKind::kConvolution,
       .name = "c1",
       .input = 0,
       .out_channels = 4,
       .kernel = 3,
       .padding = 1,
       .rate_factor = 0.25},
      {.kind = LayerKind::kAdd, .name = "a", .second = 0},
      {.kind = LayerKind::kRelu, .name = "r1"},
      {.kind = LayerKind::kGlobalAveragePool, .name = "g1"},
      {.kind = LayerKind::kDense, .name = "d1", .out_channels = 5},  // 7
      {.kind = LayerKind::kDense, .name = "d2", .input = 2, .out_channels = 5, .bias = false},
      {.kind = LayerKind::kAdd, .name = "b", .second = 7},  // 9
      {.kind = LayerKind::kConvolution,
       .name = "c2",
       .input = 1,
       .out_channels = 3,
       .kernel = 2,
       .stride = 2,
       .rate_factor = 0.25},
      {.kind = LayerKind::kRelu6, .name = "r2"},
      {.kind = LayerKind::kDense, .name = "d3", .out_channels = 5, .bias = false},
      {.kind = LayerKind::kAdd, .name = "e", .second = 9},
      {.kind = LayerKind::kRelu, .name = "r3"},
      {.kind = LayerKind::kDense, .name = "d4", .out_channels = 3},
  };
  return spec;
}

// As a backbone's last stage with a head on it: maps and a row, what comes out standardised by frozen norms,
// also behind a dense layer; the stage learns at a rate of its own.
inline NetSpec unfrozen_net() {
  NetSpec spec{"unfrozen", {1, 1, 3 * 25 + 4}, 3, {}};
  spec.layers = {
      {.kind = LayerKind::kPart, .name = "maps", .part = {3, 5, 5}},
      {.kind = LayerKind::kPart, .name = "row", .begin = 3 * 25, .part = {4, 1, 1}},
      {.kind = LayerKind::kConvolution,
       .name = "c",
       .input = 0,
       .out_channels = 6,
       .kernel = 3,
       .padding = 1,
       .rate_factor = 0.1},
      {.kind = LayerKind::kRelu, .name = "r"},
      {.kind = LayerKind::kGlobalAveragePool, .name = "g"},
      {.kind = LayerKind::kDense, .name = "answer", .out_channels = 2, .rate_factor = 0.1},
      {.kind = LayerKind::kBatchNorm, .name = "n1", .input = 1, .frozen = true},
      {.kind = LayerKind::kBatchNorm, .name = "n2", .input = 4, .frozen = true},
      {.kind = LayerKind::kBatchNorm, .name = "n3", .input = 5, .frozen = true},
      {.kind = LayerKind::kDense, .name = "d1", .input = 6, .out_channels = 7},
      {.kind = LayerKind::kDense, .name = "d2", .input = 7, .out_channels = 7, .bias = false},
      {.kind = LayerKind::kAdd, .name = "a1", .input = 9, .second = 10},
      {.kind = LayerKind::kDense, .name = "d3", .input = 8, .out_channels = 7, .bias = false},
      {.kind = LayerKind::kAdd, .name = "a2", .input = 11, .second = 12},
      {.kind = LayerKind::kRelu, .name = "r2"},
      {.kind = LayerKind::kDense, .name = "d4", .out_channels = 3, .bias = false},
  };
  return spec;
}

// margins_net() with a loss that is clipped so far in that half of the images teach nothing.
inline NetSpec clipped_net() {
  NetSpec spec = margins_net();
  spec.name = "clipped";
  spec.clip = 0.3;
  return spec;
}

inline NetSpec dropout_net() {
  NetSpec spec{"dropout", {1, 6, 6}, 2, {}};
  spec.layers = {
      {.kind = LayerKind::kConvolution, .name = "c", .out_channels = 3, .kernel = 3, .padding = 1},
      {.kind = LayerKind::kDropout, .name = "drop1", .rate = 0.25},
      {.kind = LayerKind::kRelu6, .name = "r"},
      {.kind = LayerKind::kDense, .name = "d1", .out_channels = 40},
      {.kind = LayerKind::kDropout, .name = "drop2", .rate = 0.5},
      {.kind = LayerKind::kDense, .name = "d2", .out_channels = 2},
  };
  return spec;
}

// A map of sigmoids and one of softmaxes below, yes-or-no answers and classes on top; one output that layers
// read as well, behind which a ReLU must not change it.
inline NetSpec several_outputs() {
  NetSpec spec{"several", {2, 8, 8}, 0, {}};
  spec.layers = {
      {.kind = LayerKind::kConvolution,
       .name = "c1",
       .out_channels = 6,
       .kernel = 3,
       .padding = 1,
       .bias = false},
      {.kind = LayerKind::kBatchNorm, .name = "n1"},
      {.kind = LayerKind::kRelu, .name = "r1"},
      {.kind = LayerKind::kConvolution, .name = "map", .out_channels = 3, .kernel = 1},
      {.kind = LayerKind::kConvolution,
       .name = "parts",
       .input = 2,
       .out_channels = 4,
       .kernel = 2,
       .stride = 2},
      {.kind = LayerKind::kRelu, .name = "r2"},
      {.kind = LayerKind::kConvolution, .name = "c2", .out_channels = 5, .kernel = 3, .padding = 1},
      {.kind = LayerKind::kRelu, .name = "r3"},
      {.kind = LayerKind::kGlobalAveragePool, .name = "gap"},
      {.kind = LayerKind::kDense, .name = "answers", .out_channels = 4},
      {.kind = LayerKind::kDense, .name = "level", .input = 8, .out_channels = 3},
  };
  spec.outputs = {{3, LossKind::kSigmoid, 2},
                  {4, LossKind::kSoftmax, 0.5},
                  {9, LossKind::kSigmoid, 1},
                  {10, LossKind::kSoftmax, 0.7}};
  spec.classes = 3 * 64 + 4 * 16 + 4 + 3;
  return spec;
}

// Where a way back may end (WayBack::to): the image and layers.
inline std::vector<int> ends_of_ways_back(const NetSpec& spec) {
  std::vector<int> layers;
  if (!spec.has(LayerKind::kPart)) layers.push_back(NetSpec::kImage);
  const auto kind = [&](int layer) { return spec.layers[static_cast<std::size_t>(layer)].kind; };
  for (int i = 0; i < static_cast<int>(spec.layers.size()); ++i) {
    const std::vector<int> readers = spec.readers(i);
    const bool activated = readers.size() == 1 && (kind(readers.front()) == LayerKind::kRelu ||
                                                   kind(readers.front()) == LayerKind::kRelu6);
    if (!activated) layers.push_back(i);
  }
  return layers;
}

}  // namespace fl::test
