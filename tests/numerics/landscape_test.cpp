// Directions, projection, principal planes and the refinement of a surface against what they must be.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "trainer/base/random.h"
#include "trainer/landscape/directions.h"
#include "trainer/landscape/path_plane.h"
#include "trainer/landscape/surface.h"
#include "trainer/landscape/trajectory.h"
#include "trainer/net/init.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

double norm(std::span<const float> v) {
  double sum = 0;
  for (const float x : v) sum += static_cast<double>(x) * x;
  return std::sqrt(sum);
}

TEST(Directions, EveryFilterHasTheNormOfItsWeightsAndBiasesAreZero) {
  const ParamLayout layout = ParamLayout::of(ct_small({1, 64, 64}, 2));
  std::vector<float> params(layout.floats);
  ASSERT_TRUE(initialise(layout, "he", 1, 3, params).ok());
  const auto d = filter_normalised_direction(layout, params, 7, 0);
  const auto other = filter_normalised_direction(layout, params, 7, 1);
  EXPECT_EQ(d, filter_normalised_direction(layout, params, 7, 0));
  for (const ParamTensor& tensor : layout.tensors) {
    const auto whole = std::span(d).subspan(tensor.offset, tensor.count);
    if (tensor.kind == ParamKind::kBias) {
      EXPECT_EQ(norm(whole), 0) << tensor.name;
      continue;
    }
    for (int f = 0; f < tensor.filters; ++f) {
      const std::size_t at = static_cast<std::size_t>(f) * tensor.filter_size();
      const auto weights = std::span(params).subspan(tensor.offset + at, tensor.filter_size());
      EXPECT_NEAR(norm(whole.subspan(at, tensor.filter_size())), norm(weights), 1e-5 * norm(weights));
    }
  }
  double cosine = 0;
  for (std::size_t i = 0; i < d.size(); ++i) cosine += static_cast<double>(d[i]) * other[i];
  EXPECT_LT(std::abs(cosine) / (norm(d) * norm(other)), 0.05);
}

TEST(Plane, ProjectsByLeastSquaresOnObliqueDirections) {
  Plane plane;
  plane.origin = {1, 2, 3, 4};
  plane.d1 = {1, 0, 0, 0};
  plane.d2 = {1, 1, 0, 0};  // 45 degrees to d1: a plain dot product would be wrong
  const std::vector<float> inside = {1 + 0.5f - 2, 2 - 2, 3, 4};  // a = 0.5, b = -2
  const auto on = plane.project(inside);
  EXPECT_NEAR(on.a, 0.5, 1e-9);
  EXPECT_NEAR(on.b, -2, 1e-9);
  EXPECT_NEAR(on.off_plane, 0, 1e-6);
  const std::vector<float> above = {1 + 3, 2, 3 + 4, 4};  // 3 along, 4 away: rho = 4/5
  const auto off = plane.project(above);
  EXPECT_NEAR(off.a, 3, 1e-9);
  EXPECT_NEAR(off.b, 0, 1e-9);
  EXPECT_NEAR(off.off_plane, 0.8, 1e-9);
  EXPECT_EQ(plane.project(plane.origin).off_plane, 0);
}

TEST(PathPlane, HoldsItsThreePoints) {
  RandomStream random(3, StreamId::kTest);
  std::vector<float> points[3];
  for (std::vector<float>& point : points)
    for (int i = 0; i < 5000; ++i) point.push_back(static_cast<float>(random.normal(0, 0.1)));
  const auto plane = plane_through(points[0], points[1], points[2]);
  ASSERT_TRUE(plane.has_value());
  EXPECT_NEAR(norm(plane->d1), 1, 1e-6);
  EXPECT_NEAR(norm(plane->d2), 1, 1e-6);
  double cosine = 0;
  for (std::size_t i = 0; i < 5000; ++i) cosine += static_cast<double>(plane->d1[i]) * plane->d2[i];
  EXPECT_NEAR(cosine, 0, 1e-6);
  for (const std::vector<float>& point : points) EXPECT_LT(plane->project(point).off_plane, 1e-6);
  EXPECT_EQ(plane->origin, points[2]);
  EXPECT_LT(plane->project(points[0]).a, 0);
  EXPECT_NEAR(plane->project(points[0]).b, 0, 1e-6);
  EXPECT_GT(plane->project(points[1]).b, 0);
}

TEST(PathPlane, IsNoneWherePointsLieOnALine) {
  std::vector<float> zero(100, 0.0f), one(100, 0.5f), two(100, 1.0f), beside = two;
  EXPECT_FALSE(plane_through(zero, one, two));
  EXPECT_FALSE(plane_through(zero, zero, two));
  EXPECT_FALSE(plane_through(two, one, two)) << "the first is the third";
  beside[3] += 0.1f;
  EXPECT_TRUE(plane_through(zero, one, beside));
}

TEST(PathPlane, MovesOntoAPointAndKeepsAllCoordinates) {
  Plane plane;
  plane.origin = {1, 2, 3, 4};
  plane.d1 = {1, 0, 0, 0};
  plane.d2 = {1, 1, 0, 0};
  const std::vector<float> point = {2, 5, 7, 4}, other = {0, 1, 9, 9};
  const auto before = plane.project(point), before_other = plane.project(other);
  move_onto(plane, point);
  EXPECT_NEAR(plane.project(point).off_plane, 0, 1e-6);
  EXPECT_NEAR(plane.project(point).a, before.a, 1e-6);
  EXPECT_NEAR(plane.project(point).b, before.b, 1e-6);
  EXPECT_NEAR(plane.project(other).a, before_other.a, 1e-6);
  EXPECT_NEAR(plane.project(other).b, before_other.b, 1e-6);
}

Snapshot snapshot(std::vector<float> params, double arc) {
  Snapshot s;
  s.params = std::move(params);
  s.arc_length = arc;
  return s;
}

TEST(Trajectory, PrincipalPlaneOfAPlanarPathHoldsAllOfIt) {
  // A spiral in the plane of two known directions inside 50 dimensions.
  Trajectory trajectory;
  for (int t = 0; t < 40; ++t) {
    std::vector<float> p(50, 0.25f);
    const double r = 2.0 * (40 - t) / 40, angle = 0.15 * t;
    p[7] += static_cast<float>(r * std::cos(angle));
    p[31] += static_cast<float>(r * std::sin(angle));
    trajectory.add(snapshot(p, t));
  }
  const auto plane = trajectory.principal_plane(nullptr);
  ASSERT_TRUE(plane.has_value());
  EXPECT_NEAR(plane->explained1 + plane->explained2, 1.0, 1e-6);
  EXPECT_NEAR(norm(plane->d1), 1, 1e-5);
  EXPECT_NEAR(norm(plane->d2), 1, 1e-5);
  EXPECT_NEAR(plane->a_max - plane->a_min, plane->b_max - plane->b_min, 1e-9);
  for (const Snapshot& s : trajectory.snapshots()) {
    const auto at = plane->project(s.params);
    EXPECT_LT(at.off_plane, 1e-3);
    EXPECT_TRUE(at.a > plane->a_min && at.a < plane->a_max && at.b > plane->b_min && at.b < plane->b_max);
  }
  // Once known, the axes keep their direction.
  const auto again = trajectory.principal_plane(&*plane);
  double cosine = 0;
  for (std::size_t i = 0; i < 50; ++i) cosine += static_cast<double>(again->d1[i]) * plane->d1[i];
  EXPECT_NEAR(cosine, 1, 1e-5);
}

TEST(Trajectory, ARandomWalkExplainsWhatItsNullSays) {
  Trajectory trajectory(400);
  RandomStream random(5, StreamId::kTest);
  std::vector<float> p(20000, 0.0f);
  for (int t = 0; t < 60; ++t) {
    trajectory.add(snapshot(p, t));
    for (float& x : p) x += static_cast<float>(random.normal(0, 0.01));
  }
  const auto plane = trajectory.principal_plane(nullptr);
  ASSERT_TRUE(plane.has_value());
  EXPECT_NEAR(plane->explained1, plane->null1, 0.02);
  EXPECT_NEAR(plane->explained2, plane->null2, 0.02);
  // Rows about the newest point, many equal steps: eigenvalues 1 / (4 sin^2), shares 8 / pi^2 and 8 / (9
  // pi^2).
  EXPECT_NEAR(plane->null1, 8 / (M_PI * M_PI), 0.01);
  EXPECT_NEAR(plane->null2, 8 / (9 * M_PI * M_PI), 0.005);
}

TEST(Trajectory, StaysWithinItsCapacityAndKeepsBothEnds) {
  Trajectory trajectory(16);
  for (int t = 0; t < 1000; ++t) {
    trajectory.add(snapshot({static_cast<float>(t), static_cast<float>(t % 7), 0}, t));
    ASSERT_LE(trajectory.snapshots().size(), 16u);
    EXPECT_EQ(trajectory.snapshots().back().arc_length, t);
  }
  EXPECT_EQ(trajectory.snapshots().front().arc_length, 0);
  EXPECT_GE(trajectory.snapshots().size(), 6u);
  double widest = 0;
  for (std::size_t i = 1; i < trajectory.snapshots().size(); ++i)
    widest =
        std::max(widest, trajectory.snapshots()[i].arc_length - trajectory.snapshots()[i - 1].arc_length);
  EXPECT_LT(widest, 1000.0 / 3) << "thinned evenly";
  // The Gram matrix survives thinning: the plane still holds the path.
  const auto plane = trajectory.principal_plane(nullptr);
  ASSERT_TRUE(plane.has_value());
  for (const Snapshot& s : trajectory.snapshots()) EXPECT_LT(plane->project(s.params).off_plane, 1e-3);
}

TEST(Trajectory, StraightOrShortPathsHaveNoPrincipalPlane) {
  Trajectory trajectory;
  for (int t = 0; t < 2; ++t) trajectory.add(snapshot({static_cast<float>(t), 0}, t));
  EXPECT_FALSE(trajectory.principal_plane(nullptr).has_value());
  for (int t = 2; t < 6; ++t) trajectory.add(snapshot({static_cast<float>(t), 0}, t));
  EXPECT_FALSE(trajectory.principal_plane(nullptr).has_value());
}

Plane unit_plane() {
  Plane plane;
  plane.a_min = -1;
  plane.a_max = 1;
  plane.b_min = -2;
  plane.b_max = 2;
  return plane;
}

TEST(Surface, RefinesEveryCellOnceCoarseToFineNearestFirst) {
  Surface surface(33, unit_plane());
  surface.focus(-1, -2);
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  const auto f = [](double a, double b) { return 1 + a * a + 0.5 * b; };
  bool first = true;
  while (!surface.finished()) {
    const auto cells = surface.next(5);
    ASSERT_FALSE(cells.empty());
    if (first) {
      EXPECT_TRUE(cells[0].column == 0 && cells[0].row == 0) << "the focus comes first";
    }
    first = false;
    for (const Surface::Cell& cell : cells) {
      EXPECT_TRUE(seen.insert({cell.column, cell.row}).second) << "evaluated twice";
      const bool coarse = cell.column % 4 == 0 && cell.row % 4 == 0;
      EXPECT_TRUE(coarse || seen.size() > 81) << "9 x 9 first";
      surface.set(cell, f(cell.a, cell.b));
    }
    EXPECT_TRUE(seen.size() < 81 || surface.ready());
  }
  EXPECT_EQ(seen.size(), 33u * 33u);
  EXPECT_EQ(surface.evaluated(), 33u * 33u);
  EXPECT_FLOAT_EQ(surface.minimum(), 0);
  EXPECT_FLOAT_EQ(surface.maximum(), 3);
  EXPECT_FLOAT_EQ(surface.heights()[16 * 33 + 32], 2);  // a = 1, b = 0
}

TEST(Surface, FlippingKeepsEveryLossAtItsPlace) {
  Plane plane = unit_plane();
  plane.origin = {0, 0};
  plane.d1 = {1, 0};
  plane.d2 = {0, 1};
  plane.b_max = 3;
  Surface surface(17, plane);
  const auto loss = [&plane](double a, double b) { return plane.d1[0] * a * a + 5.0 * plane.d2[1] * b; };
  while (surface.evaluated() < 100)
    for (const Surface::Cell& cell : surface.next(1)) surface.set(cell, loss(cell.a, cell.b));
  plane.flip_b();
  surface.flip_b();
  EXPECT_EQ(plane.b_min, -3);
  EXPECT_EQ(plane.b_max, 2);
  while (!surface.finished())
    for (const Surface::Cell& cell : surface.next(1)) surface.set(cell, loss(cell.a, cell.b));
  for (std::uint32_t row = 0; row < 17; ++row)
    for (std::uint32_t column = 0; column < 17; ++column)
      EXPECT_NEAR(surface.heights()[row * 17 + column],
                  loss(-1 + 2.0 * column / 16, plane.b_min + 5.0 * row / 16), 1e-5);
}

TEST(Surface, InterpolatesBetweenLevelsAndLeavesHolesOpen) {
  Surface surface(17, unit_plane());
  while (!surface.ready())
    for (const Surface::Cell& cell : surface.next(1))
      surface.set(cell, cell.column == 8 && cell.row == 8 ? std::nan("") : cell.a + cell.b);
  const auto state = [&surface](std::uint32_t c, std::uint32_t r) {
    return static_cast<CellState>(surface.cells()[r * 17 + c]);
  };
  EXPECT_EQ(state(8, 8), CellState::kNonFinite);
  EXPECT_EQ(state(7, 8), CellState::kUnknown) << "nothing is invented beside a hole";
  EXPECT_EQ(state(7, 7), CellState::kUnknown);
  EXPECT_EQ(state(5, 8), CellState::kPredicted);
  EXPECT_EQ(state(3, 3), CellState::kPredicted);
  // A linear function is interpolated exactly.
  EXPECT_NEAR(surface.heights()[3 * 17 + 3], (-1 + 2.0 * 3 / 16) + (-2 + 4.0 * 3 / 16), 1e-5);
  EXPECT_FALSE(surface.finished());
  EXPECT_EQ(surface.evaluated(), 81u) << "the hole counts: nothing is left to do there";
}

}  // namespace
}  // namespace fl
