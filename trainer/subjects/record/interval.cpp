#include "trainer/subjects/record/interval.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"

namespace fl {

Interval wilson_interval(int hits, int trials) {
  FL_CHECK(0 <= hits && hits <= trials);
  if (trials == 0) return {};
  constexpr double kZ = 1.959963984540054;  // of the normal distribution, 2.5 % above
  const double n = trials, share = hits / n, z2 = kZ * kZ;
  const double middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kZ / (1 + z2 / n) * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  // At the ends rounding would leave a hair.
  return {.low = hits == 0 ? 0 : std::max(middle - half, 0.0),
          .high = hits == trials ? 1 : std::min(middle + half, 1.0)};
}

}  // namespace fl
