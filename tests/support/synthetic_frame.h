#pragma once
// A frame that no network made: a surface of two parameters and a true gradient descent on it, computed
// here, for tests and benchmarks of the drawing side.

#include <cmath>
#include <cstdint>

#include "trainer/seam/frame.h"

namespace fl::testing {

// Two gaussian basins of different depth in a bowl, above zero everywhere, so that its logarithm exists.
inline double basins(double a, double b) {
  const double s = 1.4 * b;
  const auto well = [&](double a0, double b0, double depth, double width) {
    return -depth * std::exp(-((a - a0) * (a - a0) + (s - b0) * (s - b0)) / width);
  };
  return 3.35 + 0.62 * (a * a + s * s) + well(1.05, -0.5, 1.7, 0.30) + well(-0.75, 0.25, 3.2, 0.55) -
         well(0.35, 0.9, 1.5, 0.35) + 0.16 * std::sin(3.1 * a + 0.5) * std::cos(2.7 * b);
}

// Central difference; 1e-5 is where truncation and rounding meet in double precision.
template <typename F>
void gradient(F f, double a, double b, double& da, double& db) {
  constexpr double kStep = 1e-5;
  da = (f(a + kStep, b) - f(a - kStep, b)) / (2 * kStep);
  db = (f(a, b + kStep) - f(a, b - kStep)) / (2 * kStep);
}

struct SyntheticOptions {
  std::uint32_t side = 129;
  double extent = 1.8;  // a and b in [-extent, extent]
  double start_a = 1.55, start_b = 1.30;
  double rate = 0.012, momentum = 0.9;
  std::uint32_t path_points = 400;
  bool test_surface = false;  // fills the second grid: higher, its wells shifted, as a test set's are
  double lift = 0.0;  // real loss above the slice: grows along the path to this, as off_plane does
};

// Fills heights, cells and path of `slot` and what header and facts say of the landscape.
inline Frame fill_synthetic(const FrameSlot& slot, const SyntheticOptions& options = {}) {
  Frame frame;
  const std::uint32_t side = options.side;
  frame.facts.grid_side = side;
  frame.facts.grid_ready = frame.facts.grid_finished = true;
  frame.facts.grid_error = frame.facts.grid_log_error = 0;
  frame.facts.grid_evaluated = side * side;
  frame.header.a_min = frame.header.b_min = static_cast<float>(-options.extent);
  frame.header.a_max = frame.header.b_max = static_cast<float>(options.extent);
  frame.facts.loss_min = INFINITY;
  frame.facts.loss_max = -INFINITY;
  if (options.test_surface) {
    frame.facts.test_evaluated = side * side;
    frame.facts.test_loss_min = INFINITY;
    frame.facts.test_loss_max = -INFINITY;
  }
  const auto heights = slot.heights();
  const auto cells = slot.cells();
  for (std::uint32_t row = 0; row < side; ++row)
    for (std::uint32_t column = 0; column < side; ++column) {
      const double a = options.extent * (2.0 * column / (side - 1) - 1);
      const double b = options.extent * (2.0 * row / (side - 1) - 1);
      const auto loss = static_cast<float>(basins(a, b));
      heights[row * side + column] = loss;
      if (options.test_surface) {
        const auto test = static_cast<float>(0.55 + 0.9 * basins(a + 0.22, b - 0.12) + 0.10 * a * a);
        slot.test_heights()[row * side + column] = test;
        slot.test_cells()[row * side + column] = static_cast<std::uint32_t>(CellState::kEvaluated);
        frame.facts.test_loss_min = std::min(frame.facts.test_loss_min, test);
        frame.facts.test_loss_max = std::max(frame.facts.test_loss_max, test);
      }
      cells[row * side + column] = static_cast<std::uint32_t>(CellState::kEvaluated);
      frame.facts.loss_min = std::min(frame.facts.loss_min, loss);
      frame.facts.loss_max = std::max(frame.facts.loss_max, loss);
    }

  double a = options.start_a, b = options.start_b, velocity_a = 0, velocity_b = 0;
  for (std::uint32_t i = 0; i < options.path_points; ++i) {
    PathPoint& point = slot.path()[i];
    const double share = static_cast<double>(i) / options.path_points;
    point.a = static_cast<float>(a);
    point.b = static_cast<float>(b);
    point.slice_loss = static_cast<float>(basins(a, b));
    point.off_plane = static_cast<float>(options.lift > 0 ? 0.8 * share : 0);
    point.real_loss = static_cast<float>(point.slice_loss + options.lift * share);
    point.step_length = static_cast<float>(std::hypot(velocity_a, velocity_b));
    point.step = static_cast<float>(i);
    point.rate = static_cast<float>(options.rate);
    frame.header.ball = point;
    double da = 0, db = 0;
    gradient(basins, a, b, da, db);
    velocity_a = options.momentum * velocity_a - options.rate * da;
    velocity_b = options.momentum * velocity_b - options.rate * db;
    a += velocity_a;
    b += velocity_b;
  }
  frame.header.path_count = options.path_points;
  frame.facts.step = options.path_points;
  frame.facts.total_steps = options.path_points;
  frame.facts.rate = static_cast<float>(options.rate);
  frame.facts.state = RunState::kTraining;
  frame.facts.directions = DirectionKind::kRandom;
  return frame;
}

}  // namespace fl::testing
