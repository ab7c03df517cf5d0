#pragma once
// Starting weights. Each tensor has its own random stream, so that how one is drawn changes no other.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/net/param_layout.h"

namespace fl {

// Fills `params` (layout.all_floats long). Weights are drawn as `name` says and multiplied by `scale`; the
// scales of batch norm become 1, its shifts, biases and padding 0.
//
//   he, xavier, lecun   normal, of variance 2 / fan_in (He et al. 2015), 2 / (fan_in + fan_out) (Glorot and
//                       Bengio 2010) and 1 / fan_in (LeCun et al. 1998)
//   he-uniform, ...     uniform, of the same variances
//   orthogonal          a random orthogonal matrix of filters x filter size (Saxe et al. 2014): its rows are
//                       orthonormal, or its columns where there are more rows
//   tm-truncated        normal of sigma sqrt(1 / fan_in), values beyond two sigma drawn again, and no
//                       correction for the variance this takes away: Teachable Machine's
//   zeros               a start from which layers cannot learn to differ
//
// Errors: an unknown name, with those that exist.
Result<void> initialise(const ParamLayout& layout, const std::string& name, double scale, std::uint64_t seed,
                        std::span<float> params);
const std::vector<std::string>& initialisation_names();

}  // namespace fl
