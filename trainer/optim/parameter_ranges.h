#pragma once
// How the optimizer treats which parameters. Weight decay acts on the trained weights of convolutions and
// dense layers alone: pulling biases and batch norm's parameters to zero shrinks no function's slope, it only
// moves its offset (Goodfellow et al. 2016, section 7.1). And a layer may learn at a rate of its own, as what
// was trained before does beside a new head.

#include <vector>

#include "trainer/net/param_layout.h"
#include "trainer/optim/optimizer.h"

namespace fl {

// Where a trained tensor decays or has a rate of its own: ascending, disjoint.
std::vector<ArenaRange> parameter_ranges(const ParamLayout& layout);

}  // namespace fl
