#pragma once
// Where weight decay acts: the trained weights of convolutions and dense layers. Biases and batch norm's
// parameters are left alone; pulling them to zero shrinks no function's slope, it only moves its offset
// (Goodfellow et al. 2016, section 7.1).

#include <vector>

#include "trainer/net/param_layout.h"
#include "trainer/optim/optimizer.h"

namespace fl {

std::vector<ArenaRange> decayed_ranges(const ParamLayout& layout);

}  // namespace fl
