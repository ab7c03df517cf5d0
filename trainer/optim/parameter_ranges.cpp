#include "trainer/optim/parameter_ranges.h"

namespace fl {

std::vector<ArenaRange> parameter_ranges(const ParamLayout& layout) {
  std::vector<ArenaRange> ranges;
  for (const ParamTensor& tensor : layout.tensors) {
    const bool decays = tensor.kind == ParamKind::kWeight;
    if (!tensor.frozen && (decays || tensor.rate_factor != 1))
      ranges.push_back({tensor.offset, tensor.offset + tensor.count, decays, tensor.rate_factor});
  }
  return ranges;
}

}  // namespace fl
