#include "trainer/landscape/surface.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr auto kUnknown = static_cast<std::uint32_t>(CellState::kUnknown);
constexpr auto kInterpolated = static_cast<std::uint32_t>(CellState::kInterpolated);

}  // namespace

Surface::Surface(std::uint32_t side, const Plane& plane)
    : side_(side),
      a_min_(plane.a_min),
      a_max_(plane.a_max),
      b_min_(plane.b_min),
      b_max_(plane.b_max),
      focus_a_((plane.a_min + plane.a_max) / 2),
      focus_b_((plane.b_min + plane.b_max) / 2),
      heights_(std::size_t{side} * side, 0.0f),
      cells_(std::size_t{side} * side, kUnknown) {
  FL_CHECK_MSG(side >= kCoarsest && side <= 4097 && ((side - 1) & (side - 2)) == 0,
               "{} is not 2^k + 1 points a side", side);
  begin_level(kCoarsest);
}

void Surface::begin_level(std::uint32_t level_side) {
  level_side_ = level_side;
  pending_.clear();
  const std::uint32_t stride = (side_ - 1) / (level_side - 1);
  const double step_a = (a_max_ - a_min_) / (side_ - 1), step_b = (b_max_ - b_min_) / (side_ - 1);
  for (std::uint32_t row = 0; row < side_; row += stride)
    for (std::uint32_t column = 0; column < side_; column += stride) {
      const std::uint32_t state = cells_[index(column, row)];
      if (state == kUnknown || state == kInterpolated)
        pending_.push_back({column, row, a_min_ + column * step_a, b_min_ + row * step_b});
    }
  focus(focus_a_, focus_b_);
}

void Surface::focus(double a, double b) {
  focus_a_ = a;
  focus_b_ = b;
  sorted_ = false;
}

void Surface::sort_pending() {
  sorted_ = true;
  const double scale_a = 1 / (a_max_ - a_min_), scale_b = 1 / (b_max_ - b_min_);
  const auto distance = [&](const Cell& cell) {
    return std::hypot((cell.a - focus_a_) * scale_a, (cell.b - focus_b_) * scale_b);
  };
  std::ranges::stable_sort(pending_, [&](const Cell& x, const Cell& y) { return distance(x) > distance(y); });
}

std::vector<Surface::Cell> Surface::next(std::size_t count) {
  if (!sorted_) sort_pending();
  const std::size_t n = std::min(count, pending_.size());
  return {pending_.rbegin(), pending_.rbegin() + static_cast<std::ptrdiff_t>(n)};
}

void Surface::set(const Cell& cell, double loss) {
  const auto found = std::find_if(pending_.rbegin(), pending_.rend(), [&cell](const Cell& other) {
    return other.column == cell.column && other.row == cell.row;
  });
  FL_CHECK(found != pending_.rend());
  pending_.erase(std::next(found).base());
  const std::size_t at = index(cell.column, cell.row);
  const auto height = static_cast<float>(loss);
  ++evaluated_;
  if (std::isfinite(height)) {
    minimum_ = any_finite_ ? std::min(minimum_, height) : height;
    maximum_ = any_finite_ ? std::max(maximum_, height) : height;
    any_finite_ = true;
  }
  kernels::set_cell(grid(), at, height);
  if (!pending_.empty()) return;
  complete_side_ = level_side_;
  interpolate_level();
  if (level_side_ < side_) begin_level(2 * level_side_ - 1);
}

void Surface::flip_b() {
  const kernels::FlipRows flip{grid()};
  for (std::size_t i = 0; i < std::size_t{side_ / 2} * side_; ++i) flip(i);
  b_min_ = -std::exchange(b_max_, -b_min_);
  for (Cell& cell : pending_) {
    cell.row = side_ - 1 - cell.row;
    cell.b = -cell.b;
  }
  focus(focus_a_, -focus_b_);
}

void Surface::interpolate_level() {
  const std::uint32_t stride = (side_ - 1) / (level_side_ - 1);
  if (stride == 1) return;
  const kernels::InterpolateCell interpolate{grid(), stride};
  for (std::size_t at = 0; at < cells_.size(); ++at) interpolate(at);
}

}  // namespace fl
