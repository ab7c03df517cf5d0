#include "trainer/landscape/probe_correction.h"

#include <algorithm>
#include <cmath>

#include "trainer/compute/kernels/frame_kernels.h"

namespace fl {
namespace {

constexpr double kSafetyOfDifference = 3;  // as that of surfaces: tuned on recorded ones

}  // namespace

std::optional<std::vector<CorrectedLoss>> corrected(std::span<const ProbeSample> samples) {
  std::vector<SurfacePlace> places;
  std::vector<double> differences;
  for (const ProbeSample& sample : samples)
    if (std::isfinite(sample.small) && std::isfinite(sample.whole)) {
      places.push_back(sample.place);
      differences.push_back(sample.whole - sample.small);
    }
  const auto system = SplineSystem::of(std::move(places));
  if (!system) return std::nullopt;
  const PlaneSpline spline = system->through(differences);
  std::vector<double> misses;
  for (std::size_t i = 0; i < differences.size(); ++i)
    misses.push_back(std::abs(spline.left_out[i] - differences[i]));

  const double usual = SplineSystem::usual(misses);
  std::vector<CorrectedLoss> losses;
  for (const ProbeSample& sample : samples) {
    if (sample.has_whole() || !std::isfinite(sample.small)) {
      losses.push_back({sample.has_whole() ? sample.whole : sample.small, 0});
      continue;
    }
    NearPlaces near;
    double difference = kernels::quadratic(spline.polynomial, sample.place.x, sample.place.y);
    for (std::size_t i = 0; i < differences.size(); ++i) {
      const double squared = squared_distance(system->places()[i], sample.place);
      near.add(squared, i);
      difference += spline.weights[i] * kernels::fifth_power(squared);
    }
    losses.push_back(
        {std::max(sample.small + difference, 0.0),
         kSafetyOfDifference * (system->doubt(near, misses) + system->usual_doubt(near, usual))});
  }
  return losses;
}

}  // namespace fl
