#pragma once
// Losses and rates as text, for terminals and pictures alike: as many digits as say something, and a power of ten
// before a number is all noughts. Plain letters here; engine/pass/ticks.h sets the same numbers for print.

#include <string>

namespace fl {

// From here on, and below kExponentBelow, numbers are written with a power of ten: nobody counts noughts.
inline constexpr double kExponentFrom = 1e5;
inline constexpr double kExponentBelow = 1e-4;

// `digits` significant digits, or `mantissa` of them before a power of ten: "0.6931", "1280", "1.4e+38",
// "3.1e-07"; "0", "nan", "inf" and "-inf".
[[nodiscard]] std::string number_text(double value, int digits = 4, int mantissa = 2);

// A number that somebody chose, without digits that say nothing: "0.001", "1e+06".
[[nodiscard]] std::string rate_text(double value);

}  // namespace fl
