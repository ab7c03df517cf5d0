#pragma once
// Round numbers for an axis: steps of 1, 2 or 5 times a power of ten, so that a reader in the tenth row can
// do the sums. The labels of one axis share their number of decimals.

#include <string>

#include "trainer/base/number_text.h"

namespace fl {

struct Ticks {
  double first = 0;  // the lowest multiple of `step` inside the range
  double step = 1;
  int count = 0;
  int decimals = 0;  // digits after the point that tell neighbours apart

  [[nodiscard]] double value(int i) const { return first + step * i; }
  [[nodiscard]] double last() const { return value(count - 1); }
};

// At most `most` (>= 2) ticks inside [low, high]. `whole`: no step below 1, for counts such as epochs.
// An empty, reversed or non-finite range gives no ticks.
[[nodiscard]] Ticks nice_ticks(double low, double high, int most, bool whole = false);

// The lowest tick-worthy number that is >= high: where an axis from 0 that must hold `high` may end. Makes
// an axis grow in steps instead of crawling along with every new value.
[[nodiscard]] double nice_ceiling(double high, int most);

// The value with so many decimals, a true minus sign, and no "-0".
[[nodiscard]] std::string format_tick(double value, int decimals);

// Number i of an axis: with the axis' decimals, or, where the axis reaches kExponentFrom, all with powers of
// ten: "0", "5×10⁴", "10⁵".
[[nodiscard]] std::string format_tick(const Ticks& ticks, int i);

// A round number for an axis without common decimals: "0.05", "2", "2000", "2×10⁵", "10⁻⁷".
[[nodiscard]] std::string format_round(double value);

// A learning rate, as rate_text writes it: "0.001", "10⁻⁵".
[[nodiscard]] std::string format_rate(double value);

// A quantity that is read once, as number_text writes it, with `digits` significant digits: "0.420", "13.4", "1280",
// "1.5×10⁶"; "–" where it is not a number.
[[nodiscard]] std::string format_value(double value, int digits = 3);

}  // namespace fl
