#pragma once
// The square of learning rates that a trainability map shows, in powers of ten: the first layer's rate to the
// right, the second's upward.

#include <cstdint>

#include "trainer/compute/rate_runs.h"

namespace fl {

struct RateView {
  double first = 1.5, second = 1.5;  // log10 of the rates in the middle
  double span = 9;                   // log10, from edge to edge
  bool operator==(const RateView&) const = default;
};

inline constexpr double kLowestRate = -9, kHighestRate = 12;  // log10; a view lies in there
// From one pixel to the next, log10: float64's neighbours are 9e-16 apart at 4 to 8.
inline constexpr double kLeastRatePitch = 4e-15;

[[nodiscard]] inline double pitch_of(const RateView& view, std::uint32_t side) {
  return view.span / side;
}
// The smallest span that so many pixels a side can show.
[[nodiscard]] inline double least_span(std::uint32_t side) {
  return kLeastRatePitch * side;
}
// log10 of a coordinate in pixels from the left or lower edge, about `middle`.
[[nodiscard]] inline double rate_at(double middle, double span, double pixel, std::uint32_t side) {
  return middle + (pixel / side - 0.5) * span;
}
// The nearest view that can be shown: not finer than float64 tells apart, and inside of the range.
[[nodiscard]] RateView possible(RateView view, std::uint32_t side);
// Of a pixel's middle; row 0 is the lowest.
[[nodiscard]] RatePair rates_of(const RateView& view, std::uint32_t side, std::uint32_t column,
                                std::uint32_t row);
// float's where neighbours differ by a hundredth or more. Nearer to the boundary trainings are chaotic, and
// multiply its rounding until pixels fall on the other side.
[[nodiscard]] RatePrecision precision_of(const RateView& view, std::uint32_t side);
// `share` of the way from one view to another: each pixel moves as in a steady zoom about the point that both
// show in one place.
[[nodiscard]] RateView between(const RateView& from, const RateView& to, double share);

}  // namespace fl
