#include "trainer/base/number_text.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace fl {

std::string number_text(double value, int digits, int mantissa) {
  if (std::isnan(value)) return "nan";  // and never "-nan"
  if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
  const double size = std::abs(value);
  if (size == 0) return "0";
  if (size >= kExponentFrom || size < kExponentBelow) return fmt::format("{:.{}e}", value, std::max(0, mantissa - 1));
  const int exponent = static_cast<int>(std::floor(std::log10(size)));
  return fmt::format("{:.{}f}", value, std::max(0, digits - 1 - exponent));
}

std::string rate_text(double value) {
  return std::isfinite(value) ? fmt::format("{:.4g}", value) : number_text(value);
}

}  // namespace fl
