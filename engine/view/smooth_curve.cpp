#include "engine/view/smooth_curve.h"

#include <algorithm>

#include "trainer/base/check.h"

namespace fl {

SmoothCurve::SmoothCurve(std::vector<Knot> knots) : knots_(std::move(knots)), slopes_(knots_.size(), 0.0) {
  FL_CHECK(!knots_.empty());
  const auto run = [&](std::size_t i) { return knots_[i + 1].at - knots_[i].at; };
  const auto rise = [&](std::size_t i) { return (knots_[i + 1].value - knots_[i].value) / run(i); };
  for (std::size_t i = 0; i + 1 < knots_.size(); ++i) FL_CHECK(run(i) > 0);
  for (std::size_t i = 0; i < knots_.size(); ++i) {
    if (knots_[i].slope) {
      slopes_[i] = *knots_[i].slope;
    } else if (i > 0 && i + 1 < knots_.size() && rise(i - 1) * rise(i) > 0) {
      // A harmonic mean, weighted towards the shorter side.
      const double before = 2 * run(i) + run(i - 1), after = run(i) + 2 * run(i - 1);
      slopes_[i] = (before + after) / (before / rise(i - 1) + after / rise(i));
    }
  }
}

double SmoothCurve::operator()(double at) const {
  const auto after = std::ranges::upper_bound(knots_, at, {}, &Knot::at);
  if (after == knots_.begin()) return knots_.front().value;
  if (after == knots_.end()) return knots_.back().value;
  const auto i = static_cast<std::size_t>(after - knots_.begin()) - 1;
  const double run = knots_[i + 1].at - knots_[i].at;
  const double t = (at - knots_[i].at) / run, s = 1 - t;
  return s * s * (1 + 2 * t) * knots_[i].value + t * t * (1 + 2 * s) * knots_[i + 1].value +
         s * t * run * (s * slopes_[i] - t * slopes_[i + 1]);
}

}  // namespace fl
