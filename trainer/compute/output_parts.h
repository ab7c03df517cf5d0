#pragma once
// Where the outputs of a network lie in a row of its logits, for the kernels of its loss.

#include <vector>

#include "trainer/compute/kernels/target_kernels.h"
#include "trainer/net/net_spec.h"

namespace fl {

// One for each of NetSpec::outputs. Precondition: layer_shapes(spec) has no error.
inline std::vector<kernels::OutputPart> output_parts(const NetSpec& spec) {
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  std::vector<kernels::OutputPart> parts;
  std::size_t begin = 0;
  for (const OutputSpec& output : spec.outputs) {
    const TensorShape shape = shapes[static_cast<std::size_t>(output.layer)];
    const auto channels = static_cast<std::size_t>(shape.channels);
    parts.push_back({begin, channels, shape.floats() / channels, output.loss == LossKind::kSigmoid,
                     static_cast<float>(output.weight)});
    begin += shape.floats();
  }
  return parts;
}

}  // namespace fl
