#include "trainer/optim/weight_decay.h"

namespace fl {

std::vector<ArenaRange> decayed_ranges(const ParamLayout& layout) {
  std::vector<ArenaRange> ranges;
  for (const ParamTensor& tensor : layout.tensors)
    if (tensor.kind == ParamKind::kWeight && !tensor.frozen)
      ranges.push_back({tensor.offset, tensor.offset + tensor.count});
  return ranges;
}

}  // namespace fl
