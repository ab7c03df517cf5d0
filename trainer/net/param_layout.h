#pragma once
// Where every parameter lies in the one flat arena. Gradients, optimizer moments, landscape directions and
// snapshots share this layout, so that each of them is one pass over contiguous memory.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "trainer/net/net_spec.h"

namespace fl {

enum class ParamKind { kWeight, kBias, kScale, kShift };  // the last two: batch norm

struct ParamTensor {
  std::string name;  // "conv1.weight"
  ParamKind kind = ParamKind::kWeight;
  int layer = 0;           // index into NetSpec::layers
  std::vector<int> shape;  // convolution [out][in][kh][kw], depthwise [out][1][kh][kw],
                           // dense [out][in], others [out]
  std::size_t offset = 0;  // in floats
  std::size_t count = 0;
  int filters = 0;  // output filters: the leading dimension
  int fan_in = 0, fan_out = 0;

  [[nodiscard]] std::size_t filter_size() const { return count / static_cast<std::size_t>(filters); }
};

struct ParamLayout {
  std::vector<ParamTensor> tensors;
  std::size_t floats = 0;      // arena length, padding between tensors included (and always zero)
  std::size_t parameters = 0;  // trainable numbers

  // Running means and variances of batch norms (name.mean, name.variance): state, but not trained, so they
  // have an arena of their own and no landscape direction ever moves them.
  std::vector<ParamTensor> statistics;
  std::size_t statistic_floats = 0;

  // Precondition: layer_shapes(spec) succeeds.
  static ParamLayout of(const NetSpec& spec);
  [[nodiscard]] const ParamTensor* find(const std::string& name) const;
};

}  // namespace fl
