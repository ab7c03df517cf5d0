#pragma once
// A slice's height grid, filled from coarse to fine: 9 -> 17 -> 33 ... points a side (2^k + 1), every
// coarser level a subset of the finer, so nothing is evaluated twice. Within a level the cells nearest to
// the ball come first. Cells not yet evaluated show the bilinear interpolation of their coarser neighbours.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/compute/kernels/frame_kernels.h"
#include "trainer/seam/frame.h"
#include "trainer/landscape/plane.h"

namespace fl {

class Surface {
 public:
  static constexpr std::uint32_t kCoarsest = 9;

  // `side` must be 2^k + 1, at least 9 and at most 4097.
  Surface(std::uint32_t side, const Plane& plane);

  struct Cell {
    std::uint32_t column = 0, row = 0;  // a and b
    double a = 0, b = 0;
  };

  [[nodiscard]] std::uint32_t side() const { return side_; }
  // Side of the finest level whose every cell is evaluated; 0 before the first.
  [[nodiscard]] std::uint32_t complete_side() const { return complete_side_; }
  [[nodiscard]] bool finished() const { return complete_side_ == side_; }
  [[nodiscard]] std::uint32_t evaluated() const { return evaluated_; }
  // Row-major [b][a].
  [[nodiscard]] std::span<const float> heights() const { return heights_; }
  [[nodiscard]] std::span<const std::uint32_t> cells() const { return cells_; }
  // Over finite evaluated cells; 0, 0 while there are none.
  [[nodiscard]] float minimum() const { return minimum_; }
  [[nodiscard]] float maximum() const { return maximum_; }

  // Where the ball is now, in plane coordinates: reorders what is still to do.
  void focus(double a, double b);
  // Up to `count` cells to evaluate next; the same ones again until set() has been called for them.
  [[nodiscard]] std::vector<Cell> next(std::size_t count);
  void set(const Cell& cell, double loss);
  // Follows a plane whose second direction was turned round: row r becomes row side - 1 - r.
  void flip_b();

 private:
  void begin_level(std::uint32_t level_side);
  void interpolate_level();
  void sort_pending();
  [[nodiscard]] kernels::Grid grid() { return {heights_.data(), cells_.data(), side_}; }
  [[nodiscard]] std::size_t index(std::uint32_t column, std::uint32_t row) const {
    return std::size_t{row} * side_ + column;
  }

  std::uint32_t side_;
  double a_min_, a_max_, b_min_, b_max_;
  double focus_a_, focus_b_;
  std::uint32_t level_side_ = 0;
  std::uint32_t complete_side_ = 0;
  std::uint32_t evaluated_ = 0;
  bool any_finite_ = false;
  float minimum_ = 0, maximum_ = 0;
  std::vector<float> heights_;
  std::vector<std::uint32_t> cells_;
  std::vector<Cell> pending_;  // of this level, next one last once sorted
  bool sorted_ = false;
};

}  // namespace fl
