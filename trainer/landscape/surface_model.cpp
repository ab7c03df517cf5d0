#include "trainer/landscape/surface_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "trainer/compute/kernels/frame_kernels.h"

namespace fl {
namespace {

constexpr double kFloor = 0.8;  // of the least loss evaluated: nothing is predicted below

// Tuned on recorded surfaces, at the start and the end of five lessons and a real project over random and
// principal planes, linear and logarithmic: with these the error that is stated is the larger on all of them.
constexpr double kOfRoots = 0.5;
constexpr double kSafety = 3;
// What else makes a place worth evaluating: a share of the height range for each unit of distance.
constexpr double kOfDistance = 0.01, kOfHoleEdges = 4;
constexpr double kApart = 0.2;  // places that are chosen together lie so far from each other where they can
constexpr double kReachOfFocus = 0.4;

constexpr double kFar = NearPlaces::kFar;

std::size_t index(LossScale scale) {
  return static_cast<std::size_t>(scale);
}

}  // namespace

struct SurfaceModel::Sight {
  double loss = 0, root = 0;  // what the two splines say
  NearPlaces near;
};

std::optional<SurfaceModel> SurfaceModel::fit(std::span<const SurfacePoint> points) {
  std::vector<SurfacePlace> places;
  std::vector<double> losses, roots;
  for (const SurfacePoint& point : points) {
    if (!std::isfinite(point.loss)) continue;
    places.push_back({point.x, point.y});
    losses.push_back(point.loss);
    roots.push_back(std::sqrt(std::max(point.loss, 0.0)));
  }
  auto system = SplineSystem::of(std::move(places));
  if (!system) return std::nullopt;
  SurfaceModel model(*std::move(system));
  model.finite_ = losses.size();
  model.spline_ = model.system_.through(losses);
  model.roots_ = model.system_.through(roots);
  if (!std::ranges::all_of(model.spline_.left_out, [](double value) { return std::isfinite(value); }))
    return std::nullopt;
  for (std::size_t i = 0; i < model.finite_; ++i)
    model.terms_.push_back(
        {model.system_.places()[i].x, model.system_.places()[i].y, model.spline_.weights[i]});
  for (const SurfacePoint& point : points)
    if (!std::isfinite(point.loss)) model.terms_.push_back({point.x, point.y, 0});
  model.losses_ = std::move(losses);
  model.find_misses();
  return model;
}

void SurfaceModel::find_misses() {
  const auto [least, largest] = std::ranges::minmax(losses_);
  least_ = least;
  for (const LossScale scale : kLossScales) {
    const double range = loss_height(largest, least, scale) - loss_height(least, least, scale);
    share_[index(scale)] = range > 0 ? 1 / range : 0;
    for (std::size_t i = 0; i < finite_; ++i)
      misses_[index(scale)].push_back(
          share_[index(scale)] *
          std::abs(loss_height(spline_.left_out[i], least_, scale) - loss_height(losses_[i], least_, scale)));
    usual_miss_[index(scale)] = SplineSystem::usual(misses_[index(scale)]);
  }
}

double loss_height(double loss, double least, LossScale scale) {
  const double bounded = std::max(loss, kFloor * std::max(least, 0.0));
  if (scale == LossScale::kLinear) return bounded;
  return std::log(std::max(bounded, std::numeric_limits<double>::min()));
}

SurfaceModel::Sight SurfaceModel::look(const SurfacePlace& place) const {
  Sight sight{.loss = kernels::quadratic(spline_.polynomial, place.x, place.y),
              .root = kernels::quadratic(roots_.polynomial, place.x, place.y),
              .near = {}};
  for (std::size_t i = 0; i < terms_.size(); ++i) {
    const double squared = squared_distance({terms_[i].x, terms_[i].y}, place);
    sight.near.add(squared, i);
    if (i >= finite_) continue;
    const double radial = kernels::fifth_power(squared);
    sight.loss += spline_.weights[i] * radial;
    sight.root += roots_.weights[i] * radial;
  }
  sight.root = std::max(sight.root, 0.0);
  return sight;
}

double SurfaceModel::loss(const SurfacePlace& place) const {
  return std::max(look(place).loss, kFloor * std::max(least_, 0.0));
}

SurfaceSpline SurfaceModel::spline() const {
  SurfaceSpline spline{.finite = static_cast<std::uint32_t>(finite_),
                       .count = static_cast<std::uint32_t>(terms_.size()),
                       .least = kFloor * std::max(least_, 0.0)};
  std::ranges::copy(spline_.polynomial, spline.polynomial);
  return spline;
}

std::vector<SurfaceDoubt> SurfaceModel::doubts(std::span<const SurfacePlace> places) const {
  std::vector<SurfaceDoubt> doubts;
  doubts.reserve(places.size());
  for (const SurfacePlace& place : places) {
    const Sight sight = look(place);
    const NearPlaces& near = sight.near;
    SurfaceDoubt doubt{.error = {}, .distance = std::sqrt(near.squared[0]), .edge = false};
    bool hole = false, number = false;
    for (std::size_t k = 0; k < near.which.size() && near.squared[k] < kFar; ++k)
      (near.which[k] < finite_ ? number : hole) = true;
    doubt.edge = hole && number && doubt.distance > 0;
    if (number && doubt.distance > 0)
      for (const LossScale scale : kLossScales) {
        const std::size_t s = index(scale);
        const double other = std::abs(loss_height(sight.root * sight.root, least_, scale) -
                                      loss_height(sight.loss, least_, scale));
        doubt.error[s] = kSafety * (system_.doubt(near, misses_[s]) + kOfRoots * share_[s] * other);
        doubt.usual[s] = kSafety * system_.usual_doubt(near, usual_miss_[s]);
      }
    doubts.push_back(doubt);
  }
  return doubts;
}

double stated_error(std::span<const SurfaceDoubt> doubts, LossScale scale) {
  double largest = 0;
  for (const SurfaceDoubt& doubt : doubts)
    largest = std::max(largest, doubt.error[index(scale)] + doubt.usual[index(scale)]);
  return largest;
}

std::vector<std::size_t> most_doubtful(std::span<const SurfacePlace> places,
                                       std::span<const SurfaceDoubt> doubts, std::size_t count,
                                       LossScale scale, const SurfacePlace& focus) {
  constexpr double kEvaluated = -1;
  std::vector<double> worth;
  for (std::size_t p = 0; p < places.size(); ++p) {
    const SurfaceDoubt& doubt = doubts[p];
    const double dx = places[p].x - focus.x, dy = places[p].y - focus.y;
    const double near = 1 + std::exp(-(dx * dx + dy * dy) / (kReachOfFocus * kReachOfFocus));
    const double far = (kOfDistance + (doubt.edge ? kOfHoleEdges : 0)) * doubt.distance;
    worth.push_back(doubt.distance > 0 ? near * (doubt.error[index(scale)] / kSafety + far) : kEvaluated);
  }
  std::vector<std::size_t> chosen;
  while (chosen.size() < count && !places.empty()) {
    const auto best = std::ranges::max_element(worth);
    if (*best < 0) break;
    const auto at = static_cast<std::size_t>(best - worth.begin());
    chosen.push_back(at);
    for (std::size_t p = 0; p < places.size(); ++p) {
      const double dx = places[p].x - places[at].x, dy = places[p].y - places[at].y;
      if (worth[p] > 0) worth[p] *= std::min(1.0, (dx * dx + dy * dy) / (kApart * kApart));
    }
    worth[at] = kEvaluated;
  }
  return chosen;
}

}  // namespace fl
