#pragma once
// Where every parameter lies in the one flat arena: first those that are trained, then the frozen ones.
// Gradients, optimizer moments, landscape directions and snapshots share the layout of the trained part and
// end with it, so that each of them is one pass over contiguous memory and costs nothing for what never
// moves.

#include <cstddef>
#include <optional>
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
  bool frozen = false;     // it lies behind ParamLayout::floats
  double rate_factor = 1;  // LayerSpec::rate_factor
  int filters = 0;         // output filters: the leading dimension
  int fan_in = 0, fan_out = 0;

  [[nodiscard]] std::size_t filter_size() const { return count / static_cast<std::size_t>(filters); }
};

struct ParamLayout {
  std::vector<ParamTensor> tensors;  // by layer
  // Lengths, padding between tensors included (and always zero).
  std::size_t floats = 0;      // of the trained part, and of an arena that has no other
  std::size_t all_floats = 0;  // with the frozen part
  std::size_t parameters = 0;  // numbers, frozen ones included
  // By layer: whether the gradient of its output is wanted, by its own parameters or by those of a layer
  // below. The way back ends where it is not.
  std::vector<bool> differentiated;
  // Where it ends instead at the values of one layer, or at the image: see WayBack.
  std::optional<int> ends_at{};

  // Running means and variances of batch norms (name.mean, name.variance): state, but not trained, so they
  // have an arena of their own and no landscape direction ever moves them.
  std::vector<ParamTensor> statistics;
  std::size_t statistic_floats = 0;

  // Precondition: layer_shapes(spec) succeeds.
  static ParamLayout of(const NetSpec& spec);
  [[nodiscard]] const ParamTensor* find(const std::string& name) const;
};

}  // namespace fl
