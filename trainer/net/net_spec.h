#pragma once
// What a network is: a plain list of layers with their inputs, and nothing about where it runs. Backends
// compile it; the landscape and the picture read names and shapes from it. The loss, softmax
// cross-entropy averaged over the batch, follows the last layer, whose outputs are the logits.

#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/base/tensor_shape.h"

namespace fl {

enum class LayerKind {
  kConvolution,  // out_channels, kernel, stride, padding; bias
  kDense,        // out_channels; bias; flattens its input
  kRelu,
  kMaxPool,            // kernel, stride
  kGlobalAveragePool,  // to channels x 1 x 1
};

struct LayerSpec {
  LayerKind kind = LayerKind::kRelu;
  std::string name;  // unique; parameters are called name.weight and name.bias
  int input = -1;    // index of the layer it reads; -1: the layer before (the image for the first)
  int out_channels = 0;
  int kernel = 0, stride = 1, padding = 0;
  std::string output{};  // not empty: a named output, shown on the feature wall under this name
};

struct NetSpec {
  std::string name;
  TensorShape input;
  int classes = 2;
  std::vector<LayerSpec> layers;
};

// The reference network of every benchmark: four blocks of 3x3 convolution (16, 32, 64, 64 channels, padding
// 1, bias), ReLU and 2x2 max pooling; global average pooling; dense to the classes.
NetSpec ct_small(TensorShape input, int classes);

// A network by the name a scene gives it. Errors name what exists.
Result<NetSpec> make_network(const std::string& name, TensorShape input, int classes);

// Output shape of every layer. Errors: a layer that its input does not fit, named; logits that are not
// `classes` x 1 x 1; inputs that do not precede their reader.
Result<std::vector<TensorShape>> layer_shapes(const NetSpec& spec);

}  // namespace fl
