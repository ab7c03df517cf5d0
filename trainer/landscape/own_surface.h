#pragma once
// A surface of two parameters that somebody types in: f(x, z) as muParser reads it.
//
// The library gives values, and no derivatives, so the gradient is a central difference of fourth order in
// double: with a distance of 2e-4 times max(1, |x|) it is within 1e-8 of the exact one, relative to 1 +
// |gradient|, on every surface of two_parameters.h (a test compares them).

#include <string>

#include "trainer/base/result.h"
#include "trainer/landscape/two_parameters.h"

namespace fl {

inline constexpr std::size_t kMostFormula = 500;  // letters

// Over [-2, 2]^2, called by its formula. What it returns is evaluated by one thread at a time, copies of it
// too. Errors: a sentence that names the place of the mistake and what would be right; what is no number
// anywhere on the square, or the same everywhere.
[[nodiscard]] Result<TwoParameterSurface> own_surface(const std::string& formula);

}  // namespace fl
