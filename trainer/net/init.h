#pragma once
// Starting weights. Each tensor has its own random stream, so that adding a layer changes no other layer.

#include <cstdint>
#include <span>
#include <string>

#include "trainer/base/result.h"
#include "trainer/net/param_layout.h"

namespace fl {

// Fills `params` (layout.floats long). Biases and padding become 0. Names: "he" (He et al. 2015: normal,
// variance 2 / fan_in), "xavier" (Glorot and Bengio 2010: normal, variance 2 / (fan_in + fan_out)), "lecun"
// (LeCun et al. 1998: normal, variance 1 / fan_in), "zeros". `scale` multiplies the weights.
// Errors: an unknown name, with those that exist.
Result<void> initialise(const ParamLayout& layout, const std::string& name, double scale, std::uint64_t seed,
                        std::span<float> params);

}  // namespace fl
