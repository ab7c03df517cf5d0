#include "trainer/subjects/trainability/rate_view.h"

#include <algorithm>
#include <cmath>

namespace fl {

RateView possible(RateView view, std::uint32_t side) {
  view.span = std::clamp(view.span, least_span(side), kHighestRate - kLowestRate);
  for (double* middle : {&view.first, &view.second})
    *middle = std::clamp(*middle, kLowestRate + view.span / 2, kHighestRate - view.span / 2);
  return view;
}

RatePair rates_of(const RateView& view, std::uint32_t side, std::uint32_t column, std::uint32_t row) {
  return {std::pow(10.0, rate_at(view.first, view.span, column + 0.5, side)),
          std::pow(10.0, rate_at(view.second, view.span, row + 0.5, side))};
}

RatePrecision precision_of(const RateView& view, std::uint32_t side) {
  return pitch_of(view, side) * std::log(10.0) >= 0.01 ? RatePrecision::kFloat : RatePrecision::kDouble;
}

RateView between(const RateView& from, const RateView& to, double share) {
  if (share <= 0) return from;
  if (share >= 1) return to;
  RateView view;
  view.span = from.span * std::pow(to.span / from.span, share);
  // The fixed point's place in the picture stays, so the middles go along with the spans.
  const double way = from.span == to.span ? share : (from.span - view.span) / (from.span - to.span);
  view.first = std::lerp(from.first, to.first, way);
  view.second = std::lerp(from.second, to.second, way);
  return view;
}

}  // namespace fl
