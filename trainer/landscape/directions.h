#pragma once
// Random directions through parameter space, filter-normalised (Li et al. 2018): a Gaussian tensor whose
// every output filter is scaled to the norm of the network's filter it perturbs. Biases stay where they are.

#include <cstdint>
#include <span>
#include <vector>

#include "trainer/net/param_layout.h"

namespace fl {

// Arena-shaped. `index` numbers the directions of one seed (0: first axis, 1: second). The scale is frozen
// at `params`, so the axes do not drift while the weights move.
std::vector<float> filter_normalised_direction(const ParamLayout& layout, std::span<const float> params,
                                               std::uint64_t seed, std::uint32_t index);

}  // namespace fl
