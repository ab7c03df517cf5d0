#include "trainer/landscape/surface.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr auto kUnknown = static_cast<std::uint32_t>(CellState::kUnknown);
constexpr auto kInterpolated = static_cast<std::uint32_t>(CellState::kInterpolated);
constexpr auto kEvaluated = static_cast<std::uint32_t>(CellState::kEvaluated);
constexpr auto kNonFinite = static_cast<std::uint32_t>(CellState::kNonFinite);

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
    heights_[at] = height;
    cells_[at] = kEvaluated;
  } else {
    heights_[at] = 0;  // never drawn: the state says so
    cells_[at] = kNonFinite;
  }
  if (!pending_.empty()) return;
  complete_side_ = level_side_;
  interpolate_level();
  if (level_side_ < side_) begin_level(2 * level_side_ - 1);
}

void Surface::flip_b() {
  for (std::uint32_t row = 0; row < side_ / 2; ++row)
    for (std::uint32_t column = 0; column < side_; ++column) {
      std::swap(heights_[index(column, row)], heights_[index(column, side_ - 1 - row)]);
      std::swap(cells_[index(column, row)], cells_[index(column, side_ - 1 - row)]);
    }
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
  for (std::uint32_t row = 0; row < side_; ++row)
    for (std::uint32_t column = 0; column < side_; ++column) {
      std::uint32_t& state = cells_[index(column, row)];
      if (state == kEvaluated || state == kNonFinite) continue;
      const std::uint32_t c0 = column / stride * stride, r0 = row / stride * stride;
      const std::uint32_t c1 = std::min(c0 + stride, side_ - 1), r1 = std::min(r0 + stride, side_ - 1);
      const float x = static_cast<float>(column - c0) / static_cast<float>(stride);
      const float y = static_cast<float>(row - r0) / static_cast<float>(stride);
      // A hole stays a hole: next to a cell that is not finite nothing is invented.
      const bool hole = (x < 1 && y < 1 && cells_[index(c0, r0)] == kNonFinite) ||
                        (x > 0 && y < 1 && cells_[index(c1, r0)] == kNonFinite) ||
                        (x < 1 && y > 0 && cells_[index(c0, r1)] == kNonFinite) ||
                        (x > 0 && y > 0 && cells_[index(c1, r1)] == kNonFinite);
      state = hole ? kUnknown : kInterpolated;
      if (hole) continue;
      heights_[index(column, row)] =
          (1 - y) * ((1 - x) * heights_[index(c0, r0)] + x * heights_[index(c1, r0)]) +
          y * ((1 - x) * heights_[index(c0, r1)] + x * heights_[index(c1, r1)]);
    }
}

}  // namespace fl
