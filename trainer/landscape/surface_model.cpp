#include "trainer/landscape/surface_model.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "trainer/base/linear_algebra.h"
#include "trainer/compute/kernels/frame_kernels.h"

namespace fl {
namespace {

constexpr std::size_t kPolynomial = 6;  // terms of a quadratic
constexpr double kFloor = 0.8;          // of the least loss evaluated: nothing is predicted below

// Tuned on recorded surfaces, at the start and the end of five lessons and a real project over random and
// principal planes, linear and logarithmic: with these the error that is stated is the larger on all of them.
constexpr double kOfRoots = 0.5;
constexpr double kSafety = 3;
// What else makes a place worth evaluating: a share of the height range for each unit of distance.
constexpr double kOfDistance = 0.01, kOfHoleEdges = 4;
constexpr double kApart = 0.2;  // places that are chosen together lie so far from each other where they can
constexpr double kReachOfFocus = 0.4;

constexpr double kFar = std::numeric_limits<double>::infinity();

std::size_t index(LossScale scale) {
  return static_cast<std::size_t>(scale);
}

std::array<double, kPolynomial> monomials(const SplineTerm& at) {
  return {1, at.x, at.y, at.x * at.x, at.x * at.y, at.y * at.y};
}

double squared_distance(const SplineTerm& term, double x, double y) {
  const double dx = term.x - x, dy = term.y - y;
  return dx * dx + dy * dy;
}

}  // namespace

struct SurfaceModel::Sight {
  // The three points that are nearest to a place, the nearest first; squared distances.
  struct Neighbours {
    std::array<double, 3> squared{kFar, kFar, kFar};
    std::array<std::size_t, 3> which{};

    void add(double distance, std::size_t point) {
      std::size_t at = 3;
      while (at > 0 && distance < squared[at - 1]) --at;
      if (at == 3) return;
      for (std::size_t i = 2; i > at; --i) {
        squared[i] = squared[i - 1];
        which[i] = which[i - 1];
      }
      squared[at] = distance;
      which[at] = point;
    }
  };
  double loss = 0, root = 0;  // what the two splines say
  Neighbours near;
};

std::optional<SurfaceModel> SurfaceModel::fit(std::span<const SurfacePoint> points) {
  SurfaceModel model;
  for (const bool hole : {false, true})
    for (const SurfacePoint& point : points) {
      if (std::isfinite(point.loss) == hole) continue;
      model.terms_.push_back({point.x, point.y, 0});
      if (!hole) model.losses_.push_back(point.loss);
    }
  const std::size_t n = model.finite_ = model.losses_.size();
  if (n <= kPolynomial) return std::nullopt;

  const std::size_t size = n + kPolynomial;
  std::vector<double> matrix(size * size, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const SplineTerm& term = model.terms_[i];
    double nearest = kFar;
    for (std::size_t j = 0; j < n; ++j) {
      const double squared = squared_distance(model.terms_[j], term.x, term.y);
      matrix[i * size + j] = kernels::fifth_power(squared);
      if (j != i) nearest = std::min(nearest, squared);
    }
    model.spacing_.push_back(std::sqrt(nearest));
    const auto powers = monomials(term);
    for (std::size_t k = 0; k < kPolynomial; ++k)
      matrix[i * size + n + k] = matrix[(n + k) * size + i] = powers[k];
  }
  const auto inverted = inverse(matrix, size);
  if (!inverted) return std::nullopt;

  const auto solve = [&](auto&& value) {
    std::vector<double> c(size, 0.0);
    for (std::size_t j = 0; j < n; ++j) {
      const double v = value(model.losses_[j]);
      for (std::size_t i = 0; i < size; ++i) c[i] += (*inverted)[j * size + i] * v;
    }
    Spline spline;
    std::copy_n(c.begin() + static_cast<std::ptrdiff_t>(n), kPolynomial, spline.polynomial);
    c.resize(n);
    spline.weights = std::move(c);
    return spline;
  };
  model.spline_ = solve([](double loss) { return loss; });
  model.roots_ = solve([](double loss) { return std::sqrt(std::max(loss, 0.0)); });
  for (std::size_t i = 0; i < n; ++i) {
    model.terms_[i].weight = model.spline_.weights[i];
    model.left_out_.push_back(model.losses_[i] - model.spline_.weights[i] / (*inverted)[i * size + i]);
    if (!std::isfinite(model.left_out_.back())) return std::nullopt;
  }
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
          std::abs(loss_height(left_out_[i], least_, scale) - loss_height(losses_[i], least_, scale)));
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
    const double squared = squared_distance(terms_[i], place.x, place.y);
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
    const Sight::Neighbours& near = sight.near;
    SurfaceDoubt doubt{.error = {}, .distance = std::sqrt(near.squared[0]), .edge = false};
    bool hole = false, number = false;
    std::array<double, 2> missed{};
    double weight = 0;
    for (std::size_t k = 0; k < near.which.size() && near.squared[k] < kFar && near.squared[0] > 0; ++k) {
      const std::size_t point = near.which[k];
      (point < finite_ ? number : hole) = true;
      if (point >= finite_) continue;
      const double w = 1 / std::sqrt(near.squared[k]);
      weight += w;
      const double part = w * std::min(1.0, doubt.distance / spacing_[point]);
      for (std::size_t s = 0; s < 2; ++s) missed[s] += part * misses_[s][point];
    }
    doubt.edge = hole && number;
    if (number)
      for (const LossScale scale : kLossScales) {
        const std::size_t s = index(scale);
        const double other = std::abs(loss_height(sight.root * sight.root, least_, scale) -
                                      loss_height(sight.loss, least_, scale));
        doubt.error[s] = kSafety * (missed[s] / weight + kOfRoots * share_[s] * other);
      }
    doubts.push_back(doubt);
  }
  return doubts;
}

double stated_error(std::span<const SurfaceDoubt> doubts, LossScale scale) {
  double largest = 0;
  for (const SurfaceDoubt& doubt : doubts) largest = std::max(largest, doubt.error[index(scale)]);
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
