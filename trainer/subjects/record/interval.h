#pragma once
// How sure a share is that was counted.

namespace fl {

struct Interval {
  double low = 0, high = 1;
};

// Of the true share, where `hits` of `trials` were counted: Wilson's score interval (E. B. Wilson, Journal of
// the American Statistical Association 22, 1927), 95 %. 0 to 1 without trials. Precondition: 0 <= hits <=
// trials.
[[nodiscard]] Interval wilson_interval(int hits, int trials);

}  // namespace fl
