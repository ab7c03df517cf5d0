#pragma once
// What the losses at some points of a plane tell about all others: the spline through them (plane_spline.h),
// and how far off it may be. A place is in doubt by what its three nearest points were missed by
// (SplineSystem::doubt), by what points are usually missed by, because on rough ground three may be told well
// by chance, and by what a spline through the roots of the losses says otherwise. The largest doubt times a
// factor that holds on recorded surfaces (tests/bench/fewer_points) is the error that is stated: measured
// evidence, no proof.

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "trainer/landscape/loss_scale.h"
#include "trainer/landscape/plane_spline.h"
#include "trainer/seam/surface_spline.h"

namespace fl {

struct SurfacePoint {
  double x = 0, y = 0;   // as SurfacePlace has it
  double loss = 0;       // not finite: a hole
  bool carried = false;  // from another plane: Surface::carry_over()
};

// What is not known at a place.
struct SurfaceDoubt {
  // How far off the predicted height may be, by LossScale, as a share of the height range of all points; 0
  // where a point is.
  std::array<double, 2> error{};
  // What is stated besides, because points are usually missed by so much; it does not say where to look.
  std::array<double, 2> usual{};
  double distance = 0;  // to the nearest point
  bool edge = false;    // of a hole: of the three nearest points one is a hole and one is none
};

class SurfaceModel {
 public:
  // Of points that are all different. Nothing where too few are finite to tell a quadratic, or they lie on
  // one.
  [[nodiscard]] static std::optional<SurfaceModel> fit(std::span<const SurfacePoint> points);

  // At a place of the plane; not below 0.8 times the least loss that was evaluated.
  [[nodiscard]] double loss(const SurfacePlace& place) const;
  // For kernels::PredictCell: the terms' weights are the spline's.
  [[nodiscard]] std::span<const SplineTerm> terms() const { return terms_; }
  [[nodiscard]] SurfaceSpline spline() const;
  [[nodiscard]] bool has_holes() const { return finite_ < terms_.size(); }
  [[nodiscard]] std::vector<SurfaceDoubt> doubts(std::span<const SurfacePlace> places) const;

 private:
  explicit SurfaceModel(SplineSystem system) : system_(std::move(system)) {}
  // What one place is told from.
  struct Sight;
  [[nodiscard]] Sight look(const SurfacePlace& place) const;
  void find_misses();

  SplineSystem system_;  // of the finite points
  std::size_t finite_ = 0;
  std::vector<SplineTerm> terms_;  // finite points first; their weights are those of spline_
  std::vector<double> losses_;     // of the finite ones
  // By LossScale: how far each was missed, as a share of the height range, and 1 / range.
  std::array<std::vector<double>, 2> misses_;
  std::array<double, 2> usual_miss_{};  // the median of them
  std::array<double, 2> share_{};
  PlaneSpline spline_, roots_;  // through the losses, and through their square roots
  double least_ = 0;            // of the losses
};

// The height of a loss in a scale; what is far below the least loss that is known counts as little below it.
[[nodiscard]] double loss_height(double loss, double least, LossScale scale);

// The largest of them: the error that is stated. 0 where there are none.
[[nodiscard]] double stated_error(std::span<const SurfaceDoubt> doubts, LossScale scale);

// Which of these places to evaluate next, at most `count`, the most doubtful first and spread out. Those near
// the focus, the ball, count up to twice as much as those far from it. None that is evaluated.
[[nodiscard]] std::vector<std::size_t> most_doubtful(std::span<const SurfacePlace> places,
                                                     std::span<const SurfaceDoubt> doubts, std::size_t count,
                                                     LossScale scale, const SurfacePlace& focus);

}  // namespace fl
