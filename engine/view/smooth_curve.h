#pragma once
// A curve through knots that has no corner and goes nowhere beyond them: cubic Hermite pieces whose slopes
// are limited so that each piece is monotone (Fritsch and Butland 1984, "A method for constructing local
// monotone piecewise cubic interpolants"). At both ends it stands still, and so it does wherever its
// direction turns.

#include <optional>
#include <vector>

namespace fl {

class SmoothCurve {
 public:
  struct Knot {
    double at = 0, value = 0;
    // Given: between 0 and three times the slope of the straight lines to both neighbours.
    std::optional<double> slope{};
  };

  // Precondition: at least one knot; `at` rises.
  explicit SmoothCurve(std::vector<Knot> knots);

  // Before the first knot its value, behind the last one the last value.
  [[nodiscard]] double operator()(double at) const;

 private:
  std::vector<Knot> knots_;
  std::vector<double> slopes_;
};

}  // namespace fl
