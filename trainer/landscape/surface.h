#pragma once
// A slice's height grid, filled while it is shown. Which cells are evaluated:
//   with an aim, a lattice of 7 x 7, then those that matter most, until the spline through all of them
//   (surface_model.h) is within the aim everywhere, or knows kMostSplineTerms points;
//   without one, or where the spline did not get there, all: 9 -> 17 -> 33 ... points a side (2^k + 1), every
//   coarser level a subset of the finer, so nothing is evaluated twice, the cells nearest to the ball first.
// Cells not evaluated show what the spline predicts, or the bilinear interpolation of the last complete
// level.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "trainer/compute/kernels/frame_kernels.h"
#include "trainer/landscape/plane.h"
#include "trainer/landscape/probe_correction.h"
#include "trainer/landscape/surface_model.h"
#include "trainer/seam/frame.h"

namespace fl {

class Surface {
 public:
  static constexpr std::uint32_t kCoarsest = 9;

  // `side` must be 2^k + 1, at least 9 and at most 4097. `aim`: the largest error of a predicted height, as a
  // share of the height range, that is good enough; 0: every cell is evaluated. `small_first`: with an aim,
  // cells are evaluated over a small probe, and over the whole one where the difference is in doubt.
  Surface(std::uint32_t side, const Plane& plane, double aim = 0, bool small_first = false);

  struct Cell {
    std::uint32_t column = 0, row = 0;  // a and b
    double a = 0, b = 0;
    bool whole = true;  // over the whole probe
  };

  [[nodiscard]] std::uint32_t side() const { return side_; }
  // There is a height everywhere, but for holes.
  [[nodiscard]] bool ready() const { return ready_; }
  // Nothing is left to evaluate.
  [[nodiscard]] bool finished() const { return finished_; }
  // It looks like what it will become.
  [[nodiscard]] bool good_enough() const;
  // Cells still to evaluate; while a spline chooses them, about so many.
  [[nodiscard]] std::size_t expected_left() const;
  [[nodiscard]] std::size_t expected_whole() const;  // of a new surface like this
  // Over any probe.
  [[nodiscard]] std::uint32_t evaluated() const { return evaluated_; }
  // The error that is stated of the predicted heights, as a share of their range, as surface_model.h has it;
  // 0 where every cell is evaluated, 1, the most, where nothing is known: before the first fit, and between
  // levels.
  [[nodiscard]] double error(LossScale scale) const {
    return all_evaluated() ? 0 : errors_[static_cast<std::size_t>(scale)];
  }
  // What is aimed at: linear until it is chosen.
  [[nodiscard]] LossScale scale() const { return scale_.value_or(LossScale::kLinear); }
  // In that scale.
  [[nodiscard]] double error() const { return error(scale()); }
  // Row-major [b][a].
  [[nodiscard]] std::span<const float> heights() const { return heights_; }
  [[nodiscard]] std::span<const std::uint32_t> cells() const { return cells_; }
  // Over finite evaluated cells; 0, 0 while there are none.
  [[nodiscard]] float minimum() const { return minimum_; }
  [[nodiscard]] float maximum() const { return maximum_; }

  // Where the ball is now, in plane coordinates: reorders what is still to do.
  void focus(double a, double b);
  // The scale whose error the aim is about; if not called, logarithmic where the first fit spans a decade.
  void choose(LossScale scale);
  // Losses that another plane's surface had close to this one, in this one's rectangle. Once the lattice is
  // evaluated they are taken for this surface's own where what they predict there is right: within half the
  // aim, which is then added to the error that is stated. Before the first set().
  void carry_over(std::vector<SurfacePoint> points) { carried_ = std::move(points); }
  [[nodiscard]] std::size_t carried() const {
    return static_cast<std::size_t>(std::ranges::count(points_, true, &SurfacePoint::carried));
  }
  // What was evaluated, and carried over, as long as a spline chooses.
  [[nodiscard]] std::span<const SurfacePoint> points() const { return points_; }
  // Up to `count` cells to evaluate next, all over the same probe; the same ones again until set() has been
  // called for them.
  [[nodiscard]] std::vector<Cell> next(std::size_t count);
  // What has to be done to a grid elsewhere, after the cells that were set, to make it like this one.
  struct Change {
    bool predicted = false;   // model() tells the cells that are not evaluated
    std::uint32_t level = 0;  // or: the level of so many points a side is complete
  };
  Change set(const Cell& cell, double loss);
  // The newest fit. Precondition: a set() said that cells were predicted.
  [[nodiscard]] const SurfaceModel& model() const { return *model_; }
  // What the newest fit says at (a, b); nothing without one, where levels are evaluated instead, outside the
  // rectangle, and in a hole.
  [[nodiscard]] std::optional<double> predicted(double a, double b) const;
  // Follows a plane whose second direction was turned round: row r becomes row side - 1 - r.
  void flip_b();

 private:
  [[nodiscard]] bool all_evaluated() const { return whole_ == cells_.size(); }
  [[nodiscard]] Cell cell(std::uint32_t column, std::uint32_t row) const;
  [[nodiscard]] SurfacePlace place(std::uint32_t column, std::uint32_t row) const;
  void begin_lattice();
  void take_carried();
  [[nodiscard]] bool gives_way(const SurfacePoint& carried, const SurfacePlace& known) const;
  [[nodiscard]] bool correct();
  [[nodiscard]] double share_of(const CorrectedLoss& loss, LossScale scale) const;
  [[nodiscard]] SurfacePlace place_of(double a, double b) const;
  [[nodiscard]] SurfacePlace ball() const { return place_of(focus_a_, focus_b_); }
  void note_range(float height);
  void want_whole(std::span<const SurfaceDoubt> doubts, std::size_t count);
  [[nodiscard]] bool holes_settled() const;
  Change refine();
  void choose_next();
  void begin_level(std::uint32_t level_side);
  Change end_level();
  void sort_pending();
  [[nodiscard]] kernels::Grid grid() { return {heights_.data(), cells_.data(), side_}; }
  [[nodiscard]] std::size_t index(std::uint32_t column, std::uint32_t row) const {
    return std::size_t{row} * side_ + column;
  }

  std::uint32_t side_;
  double aim_;
  double a_min_, a_max_, b_min_, b_max_;
  double focus_a_, focus_b_;
  bool ready_ = false, finished_ = false;
  std::uint32_t level_side_ = 0;  // 0 while points are chosen by the spline
  std::uint32_t evaluated_ = 0, whole_ = 0;
  bool any_finite_ = false;
  float minimum_ = 0, maximum_ = 0;
  std::vector<float> heights_;
  std::vector<std::uint32_t> cells_;
  std::vector<Cell> pending_;  // of this batch or level, next one last once sorted
  bool sorted_ = false;
  std::vector<SurfacePoint> points_;   // what the spline goes through
  std::vector<SurfacePoint> carried_;  // not taken yet
  bool small_first_;
  std::vector<ProbeSample> samples_;  // where small_first_: what points_ are corrected from
  std::vector<CorrectedLoss> corrected_;
  std::array<double, 2> difference_error_{};  // of the correction, by LossScale; a part of errors_
  double carried_miss_ = 0;                   // of those taken, a share of the height range
  std::optional<SurfaceModel> model_;
  std::optional<LossScale> scale_;
  // Where a point may be evaluated next, and what is not known there.
  std::vector<Cell> candidates_;
  std::vector<SurfacePlace> places_;
  std::vector<SurfaceDoubt> doubts_;
  std::array<double, 2> errors_ = {1, 1};  // by LossScale
};

}  // namespace fl
