#include "trainer/subjects/landscape/framed_plane.h"

#include <cmath>

namespace fl {
namespace {

constexpr double kNearPlane = 0.3;  // of its half: what is farther from it is not carried over

}  // namespace

ProbedGrid& FramedPlane::next(std::size_t at_once) {
  if (!test || test->surface.finished()) return train;
  if (train.surface.finished()) return *test;
  // In turns of some cells, because each turn loads a probe.
  const std::size_t turn = 32 * at_once;
  return test->surface.evaluated() / turn < train.surface.evaluated() / turn ? *test : train;
}

void FramedPlane::focus(double a, double b) {
  train.surface.focus(a, b);
  if (test) test->surface.focus(a, b);
}

void FramedPlane::choose(LossScale scale) {
  train.surface.choose(scale);
  if (test) test->surface.choose(scale);
}

void FramedPlane::carry_over(const FramedPlane& before) {
  const PlaneMap map(before.plane, plane);
  const double a_half = (before.plane.a_max - before.plane.a_min) / 2,
               b_half = (before.plane.b_max - before.plane.b_min) / 2;
  const auto carried = [&](const Surface& surface) {
    std::vector<SurfacePoint> points;
    for (const SurfacePoint& point : surface.points()) {
      const PlaneMap::Place at =
          map(before.plane.a_min + (point.x + 1) * a_half, before.plane.b_min + (point.y + 1) * b_half);
      const double x = 2 * (at.a - plane.a_min) / (plane.a_max - plane.a_min) - 1;
      const double y = 2 * (at.b - plane.b_min) / (plane.b_max - plane.b_min) - 1;
      if (!point.carried && at.off < kNearPlane && std::abs(x) <= 1 && std::abs(y) <= 1)
        points.push_back({x, y, point.loss, true});
    }
    return points;
  };
  if (train.probe == before.train.probe) train.surface.carry_over(carried(before.train.surface));
  if (before.test && test && test->probe == before.test->probe)
    test->surface.carry_over(carried(before.test->surface));
}

bool FramedPlane::lower_half_behind() const {
  const std::uint32_t side = train.surface.side();
  const std::span<const float> heights = train.surface.heights();
  double front = 0, back = 0;
  for (std::uint32_t row = 0; row < side / 2; ++row)
    for (std::uint32_t column = 0; column < side; ++column) {
      front += static_cast<double>(heights[row * side + column]);
      back += static_cast<double>(heights[(side - 1 - row) * side + column]);
    }
  return front > back;
}

}  // namespace fl
