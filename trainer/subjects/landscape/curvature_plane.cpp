#include "trainer/subjects/landscape/curvature_plane.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "trainer/base/log.h"

namespace fl {
namespace {

// A picture needs no third digit of what bends it; the small end of the spectrum is dense and comes slowly.
constexpr LanczosOptions kEnds{.tolerance = 0.05, .most = 60, .smallest = true};
constexpr double kHeight = 2;     // how far the loss changes along an axis, in losses at the origin
constexpr double kLongest = 0.5;  // half of an axis, in lengths of the weights

double length(std::span<const float> values) {
  return std::sqrt(std::inner_product(values.begin(), values.end(), values.begin(), 0.0));
}

double reach(double curvature, double loss, double longest) {
  return std::min(longest, std::sqrt(2 * kHeight * loss / std::max(std::abs(curvature), 1e-12)));
}

std::vector<float> direction_of(const Eigenpair& pair, const std::vector<float>* like) {
  double along = 1;
  if (like != nullptr) along = std::inner_product(pair.vector.begin(), pair.vector.end(), like->begin(), 0.0);
  std::vector<float> direction(pair.vector.size());
  std::ranges::transform(pair.vector, direction.begin(),
                         [&](double value) { return static_cast<float>(along < 0 ? -value : value); });
  return direction;
}

Hessian<float> hessian_at(Training& training, std::span<const float> weights, const CurvatureProbe& probe) {
  const Program& program = training.program();
  std::vector<float> params(program.layout().all_floats), statistics(program.layout().statistic_floats);
  program.read_params(params);  // for what is frozen
  std::ranges::copy(weights, params.begin());
  program.read_statistics(statistics);
  return {program.spec(), fast_multiply, {params, statistics, probe.images, probe.labels}};
}

}  // namespace

PlaneChoice possible_plane(const PlaneChoice& wanted, const NetSpec& network, const PlaneChoice& instead) {
  if (wanted.directions != DirectionKind::kCurvature) return wanted;
  const auto known = check_tangents(network);
  if (!known) log_warning("{}", known.error().message);
  return known ? wanted : instead;
}

CurvaturePlane::CurvaturePlane(Training& training, std::vector<float> weights,
                               std::span<const std::int32_t> probe)
    : weights_(std::move(weights)),
      probe_(CurvatureProbe::of(training, probe, kImages)),
      hessian_(hessian_at(training, weights_, probe_)),
      lanczos_(trained_places(training.program().layout()), kEnds),
      product_(hessian_.size()) {}

bool CurvaturePlane::work() {
  if (done()) return false;
  loss_ = hessian_.multiply(lanczos_.direction(), product_);
  lanczos_.take(product_);
  return true;
}

std::size_t CurvaturePlane::products_left() const {
  return done() ? 0 : kEnds.most - std::min(kEnds.most, lanczos_.largest().products);
}

std::optional<Plane> CurvaturePlane::plane(const Plane* shown) const {
  if (!done() || lanczos_.failed() || !std::isfinite(loss_)) return std::nullopt;
  const Eigenpair most = lanczos_.end(true), least = lanczos_.end(false);
  const bool same = shown != nullptr && shown->kind == DirectionKind::kCurvature;
  const double longest = kLongest * length(weights_);
  Plane plane;
  plane.kind = DirectionKind::kCurvature;
  plane.origin = weights_;
  plane.d1 = direction_of(most, same ? &shown->d1 : nullptr);
  plane.d2 = direction_of(least, same ? &shown->d2 : nullptr);
  plane.curvature1 = most.value;
  plane.curvature2 = least.value;
  plane.a_max = reach(most.value, loss_, longest);
  plane.b_max = reach(least.value, loss_, longest);
  plane.a_min = -plane.a_max;
  plane.b_min = -plane.b_max;
  if (!(plane.a_max > 0) || !(plane.b_max > 0)) return std::nullopt;
  return plane;
}

}  // namespace fl
