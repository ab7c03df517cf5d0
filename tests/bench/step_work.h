#pragma once
// The work in one training step as the network states it, for shares of a ceiling: no implementation can do
// with less arithmetic, unless by another algorithm, nor with less traffic, unless it fuses layers.

#include <vector>

#include "trainer/net/net_spec.h"

namespace fl::bench {

struct Work {
  double flops = 0;  // a multiply-add is two
  double bytes =
      0;  // activations and their gradients in float: each layer reads and writes its own once each way
};

// Of one image. Forward, then the gradients of weights and input, each of which costs what forward does; the
// first layer's input needs none.
inline Work work_per_image(const NetSpec& spec) {
  Work work;
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  for (std::size_t i = 0; i < spec.layers.size(); ++i) {
    const LayerSpec& layer = spec.layers[i];
    const int from = spec.sources(static_cast<int>(i))[0];
    const TensorShape in = from == NetSpec::kImage ? spec.input : shapes[static_cast<std::size_t>(from)];
    const auto out_floats = static_cast<double>(shapes[i].floats());
    const double passes = from == NetSpec::kImage ? 2 : 3;
    double products = 0;  // for one output
    if (layer.kind == LayerKind::kConvolution) products = in.channels * layer.kernel * layer.kernel;
    if (layer.kind == LayerKind::kDepthwise) products = layer.kernel * layer.kernel;
    if (layer.kind == LayerKind::kDense) products = static_cast<double>(in.floats());
    work.flops += 2 * products * out_floats * passes;
    work.bytes += sizeof(float) * (static_cast<double>(in.floats()) + out_floats) * passes;
  }
  return work;
}

}  // namespace fl::bench
