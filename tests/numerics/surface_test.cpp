// The surface that is predicted from some of its points: against the functions it is evaluated from.
#include "trainer/landscape/surface.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "trainer/base/linear_algebra.h"
#include "trainer/landscape/small_probe.h"

namespace fl {
namespace {

using Loss = double (*)(double, double);

double valley(double a, double b) {
  const double across = b - 0.6 * a * a;
  return 0.2 + 3 * across * across + 0.4 * (a - 0.3) * (a - 0.3);
}
double steep(double a, double b) {
  return 0.01 * std::exp(2.5 * std::hypot(a - 0.2, b + 0.1));
}
// The same without its tip, which is told no better than points lie apart.
double blunt(double a, double b) {
  return 0.01 * std::exp(2.5 * std::hypot(a - 0.2, b + 0.1, 0.1));
}
double rugged(double a, double b) {
  return 2 + std::sin(19 * a) * std::cos(23 * b);
}
double with_hole(double a, double b) {
  return std::hypot(a - 0.9, b - 0.8) < 0.5 ? std::numeric_limits<double>::infinity() : valley(a, b);
}

void fill(Surface& surface, Loss loss, std::size_t at_a_time = 5) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  const std::uint32_t before = surface.evaluated();
  while (!surface.finished())
    for (const Surface::Cell& cell : surface.next(at_a_time)) {
      EXPECT_TRUE(seen.insert({cell.column, cell.row}).second) << "evaluated twice";
      surface.set(cell, loss(cell.a, cell.b));
    }
  EXPECT_EQ(before + seen.size(), surface.evaluated());
}

// The largest over all cells that have a height, as a share of the range.
double true_error(const Surface& surface, Loss loss, bool log) {
  double low = INFINITY, high = -INFINITY, largest = 0;
  for (std::uint32_t row = 0; row < surface.side(); ++row)
    for (std::uint32_t column = 0; column < surface.side(); ++column) {
      const std::size_t at = std::size_t{row} * surface.side() + column;
      const double step = 2.0 / (surface.side() - 1), l = loss(column * step - 1, row * step - 1);
      if (surface.cells()[at] == kCellUnknown || !std::isfinite(l)) continue;
      const double h = log ? std::log(l) : l, told = static_cast<double>(surface.heights()[at]);
      low = std::min(low, h);
      high = std::max(high, h);
      largest = std::max(largest, std::abs((log ? std::log(told) : told) - h));
    }
  return largest / (high - low);
}

TEST(PredictedSurface, SaysWhatItKnowsBetweenItsCells) {
  Surface surface(33, Plane{}, 0.01);
  EXPECT_EQ(surface.predicted(0, 0), std::nullopt) << "nothing is evaluated yet";
  fill(surface, valley);
  EXPECT_NEAR(surface.predicted(0.123, -0.456).value(), valley(0.123, -0.456), 0.01 * valley(-1, -1));
  EXPECT_EQ(surface.predicted(1.2, 0), std::nullopt) << "outside";
  // The first point of the lattice, and what it becomes where the plane is turned round.
  EXPECT_NEAR(surface.predicted(-1, -1).value(), valley(-1, -1), 1e-6);
  surface.flip_b();
  EXPECT_NEAR(surface.predicted(-1, 1).value(), valley(-1, -1), 1e-6);

  Surface open(33, Plane{}, 0.05);
  fill(open, with_hole);
  EXPECT_EQ(open.predicted(0.95, 0.85), std::nullopt) << "a hole";
}

TEST(SmallProbe, StandsForAllOfThem) {
  std::vector<std::int32_t> probe, labels;
  std::vector<double> losses;
  double all = 0;
  std::mt19937 random(3);
  for (int i = 0; i < 256; ++i) {
    probe.push_back(1000 + i);
    labels.push_back(i % 8 == 0 ? 1 : 0);
    losses.push_back(std::exp(std::normal_distribution(labels.back() == 1 ? 1.0 : -1.0, 1.0)(random)));
    all += losses.back() / 256;
  }
  const std::vector<std::int32_t> small = small_probe(probe, labels, losses, 64);
  ASSERT_EQ(std::set(small.begin(), small.end()).size(), 64u);
  double some = 0, first = 0;
  int rare = 0;
  for (const std::int32_t image : small) {
    const auto at = static_cast<std::size_t>(image - 1000);
    some += losses[at] / 64;
    rare += labels[at];
  }
  for (std::size_t i = 0; i < 64; ++i) first += losses[i] / 64;
  EXPECT_EQ(rare, 8) << "its share of each class";
  EXPECT_LT(std::abs(some - all), 0.06 * all);
  EXPECT_GT(std::abs(first - all), std::abs(some - all)) << "the first ones are further off";
  EXPECT_EQ(small_probe(probe, labels, losses, 300).size(), 256u);
}

TEST(SmallProbe, ALossThatIsNoNumberIsTheHardest) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::int32_t> probe(64), labels(64, 0);
  std::iota(probe.begin(), probe.end(), 0);
  std::vector<double> losses(64);
  for (std::size_t i = 0; i < losses.size(); ++i) losses[i] = i % 4 == 0 ? nan : static_cast<double>(i);
  const std::vector<std::int32_t> small = small_probe(probe, labels, losses, 8);
  const auto without_loss = [](std::int32_t image) { return image % 4 == 0; };
  EXPECT_EQ(std::ranges::count_if(small, without_loss), 2) << "a quarter of them, as of all";
  EXPECT_FALSE(without_loss(small.front()));
  EXPECT_TRUE(without_loss(small.back()));
}

TEST(PredictedSurface, IsWithinItsAimFromFewPointsHoweverFineTheGrid) {
  for (const std::uint32_t side : {33u, 129u}) {
    Surface surface(side, Plane{}, 0.01);
    surface.choose(LossScale::kLinear);
    fill(surface, valley);
    EXPECT_LE(surface.evaluated(), 150u);
    EXPECT_LE(surface.error(LossScale::kLinear), 0.01);
    EXPECT_LE(true_error(surface, valley, false), surface.error(LossScale::kLinear));
    const auto counted = [&](std::uint32_t state) {
      return static_cast<std::size_t>(std::ranges::count(surface.cells(), state));
    };
    EXPECT_EQ(counted(kCellEvaluated), surface.evaluated());
    EXPECT_EQ(counted(kCellPredicted), std::size_t{side} * side - surface.evaluated());
  }
}

// A quadratic is in the span of the spline: nothing is left to learn after the lattice.
TEST(PredictedSurface, OfAQuadraticIsExact) {
  Surface surface(33, Plane{}, 0.01);
  const Loss bowl = [](double a, double b) { return 1 + a * a + 0.5 * a * b + 2 * b * b - 0.3 * b; };
  fill(surface, bowl);
  EXPECT_EQ(surface.evaluated(), 49u);
  EXPECT_LT(true_error(surface, bowl, false), 1e-6);
}

TEST(PredictedSurface, AimsAtTheScaleThatIsDrawn) {
  Surface by_itself(65, Plane{}, 0.01), linear(65, Plane{}, 0.01);
  linear.choose(LossScale::kLinear);
  fill(by_itself, steep);
  fill(linear, blunt);
  EXPECT_LE(by_itself.error(LossScale::kLog), 0.01) << "it spans more than a decade";
  EXPECT_LE(true_error(by_itself, steep, true), 0.01);
  EXPECT_LE(linear.error(LossScale::kLinear), 0.01);
  EXPECT_LT(linear.evaluated(), by_itself.evaluated());
  const std::uint32_t before = linear.evaluated();
  linear.choose(LossScale::kLog);
  EXPECT_FALSE(linear.finished()) << "a finished one goes on where more is asked of it";
  fill(linear, blunt);
  EXPECT_GT(linear.evaluated(), before);
  EXPECT_LE(true_error(linear, blunt, true), 0.01);
}

TEST(PredictedSurface, WhatNoSplineTellsIsEvaluatedWhole) {
  Surface surface(33, Plane{}, 0.002);
  fill(surface, rugged, 16);
  EXPECT_EQ(surface.evaluated(), 33u * 33u);
  EXPECT_EQ(surface.error(LossScale::kLinear), 0);
  EXPECT_LT(true_error(surface, rugged, false), 1e-6);
}

TEST(PredictedSurface, LeavesHolesOpenAndFindsTheirEdges) {
  Surface surface(65, Plane{}, 0.01);
  fill(surface, with_hole);
  EXPECT_LT(surface.evaluated(), 400u);
  std::size_t wrong = 0;
  for (std::uint32_t row = 0; row < 65; ++row)
    for (std::uint32_t column = 0; column < 65; ++column) {
      const std::uint32_t state = surface.cells()[row * 65 + column];
      const bool shown = state == kCellEvaluated || state == kCellPredicted;
      const double distance = std::hypot(column / 32.0 - 1 - 0.9, row / 32.0 - 1 - 0.8);
      if (shown != (distance >= 0.5) && std::abs(distance - 0.5) > 2 / 32.0) ++wrong;
    }
  EXPECT_EQ(wrong, 0u) << "cells on the wrong side, more than two cells from the edge";
  EXPECT_LE(true_error(surface, with_hole, false), 0.02);
}

TEST(PredictedSurface, OfHolesAloneEnds) {
  Surface surface(9, Plane{}, 0.01);
  fill(surface, [](double, double) { return std::nan(""); });
  EXPECT_EQ(surface.evaluated(), 81u);
}

TEST(PredictedSurface, OfAConstantIsFlat) {
  Surface surface(17, Plane{}, 0.01);
  fill(surface, [](double, double) { return 0.7; });
  EXPECT_EQ(surface.evaluated(), 49u);
  for (const float height : surface.heights()) EXPECT_NEAR(height, 0.7, 1e-6);
}

TEST(PredictedSurface, TurnedRoundGoesOnAsIfItHadAlwaysBeen) {
  const Loss turned_valley = [](double a, double b) { return valley(a, -b); };
  Surface turned(33, Plane{}, 0.01), always(33, Plane{}, 0.01);
  always.focus(0, 0);
  while (turned.evaluated() < 60)
    for (const Surface::Cell& cell : turned.next(1)) turned.set(cell, valley(cell.a, cell.b));
  turned.flip_b();
  fill(always, turned_valley);
  while (!turned.finished())
    for (const Surface::Cell& cell : turned.next(1)) turned.set(cell, turned_valley(cell.a, cell.b));
  EXPECT_LE(true_error(turned, turned_valley, false), 0.01);
  EXPECT_NEAR(turned.evaluated(), always.evaluated(), 24);
}

TEST(PredictedSurface, IsTheSameEachTime) {
  Surface first(65, Plane{}, 0.01), second(65, Plane{}, 0.01);
  first.focus(0.4, -0.2);
  second.focus(0.4, -0.2);
  fill(first, steep, 8);
  fill(second, steep, 3);
  EXPECT_TRUE(std::ranges::equal(first.heights(), second.heights()))
      << "how many are asked for at a time changes nothing";
}

// Over a small probe the valley lies elsewhere and is shallower: a smooth difference.
double small_valley(double a, double b) {
  return 0.9 * valley(a, b) + 0.05 * a + 0.03 * b * b * a;
}

TEST(PredictedSurface, TakesTheWholeProbeAtFewPoints) {
  Surface surface(65, Plane{}, 0.01, true);
  surface.choose(LossScale::kLinear);
  std::size_t small = 0, whole = 0;
  while (!surface.finished()) {
    const auto cells = surface.next(8);
    ASSERT_FALSE(cells.empty());
    for (const Surface::Cell& cell : cells) {
      EXPECT_EQ(cell.whole, cells.front().whole) << "one probe is loaded at a time";
      ++(cell.whole ? whole : small);
      surface.set(cell, cell.whole ? valley(cell.a, cell.b) : small_valley(cell.a, cell.b));
    }
    EXPECT_EQ(surface.ready(), whole >= 9);
  }
  EXPECT_EQ(surface.evaluated(), small) << "each is evaluated over the small probe first";
  EXPECT_LT(whole, small / 2);
  EXPECT_LE(true_error(surface, valley, false), surface.error()) << "of the whole probe's losses";
  const auto counted = [&](std::uint32_t state) {
    return static_cast<std::size_t>(std::ranges::count(surface.cells(), state));
  };
  EXPECT_EQ(counted(kCellEvaluated), whole);
  EXPECT_EQ(counted(kCellCorrected), small - whole);
}

TEST(PredictedSurface, OfTwoProbesEndsWhereNoSplineTellsAnything) {
  const Loss none = [](double, double) { return std::nan(""); };
  for (const Loss loss : {Loss{rugged}, none}) {
    Surface two(17, Plane{}, 0.001, true);
    while (!two.finished())
      for (const Surface::Cell& cell : two.next(8))
        two.set(cell,
                loss(cell.a, cell.b) * (cell.whole ? 1 : 1.3 + 0.2 * std::sin(31 * cell.a + 17 * cell.b)));
    EXPECT_EQ(two.evaluated(), 17u * 17u);
    EXPECT_EQ(
        std::ranges::count(two.cells(), kCellPredicted) + std::ranges::count(two.cells(), kCellCorrected), 0);
  }
}

TEST(PredictedSurface, OfTwoProbesTurnsRound) {
  Surface surface(33, Plane{}, 0.01, true);
  surface.choose(LossScale::kLinear);
  const auto evaluate = [&](Loss whole, Loss small, std::uint32_t most) {
    while (!surface.finished() && surface.evaluated() < most)
      for (const Surface::Cell& cell : surface.next(1))
        surface.set(cell, (cell.whole ? whole : small)(cell.a, cell.b));
  };
  evaluate(valley, small_valley, 60);
  surface.flip_b();
  const Loss turned = [](double a, double b) { return valley(a, -b); };
  evaluate(
      turned, [](double a, double b) { return small_valley(a, -b); }, 1000);
  EXPECT_LE(true_error(surface, turned, false), 0.01);
}

// A plane through a space in which the loss is known everywhere.
double known(double x, double y, double z) {
  return valley(x, y) + 0.5 * z;
}
Plane in_space(double turned) {
  Plane plane;
  plane.origin = {0.1f, 0, 0};
  plane.d1 = {1, 0, static_cast<float>(turned)};
  plane.d2 = {0, 1, 0};
  return plane;
}
std::vector<SurfacePoint> carried_to(const Plane& to) {
  const Plane from = in_space(0);
  const PlaneMap map(from, to);
  std::vector<SurfacePoint> points;
  for (int row = -5; row <= 5; ++row)
    for (int column = -5; column <= 5; ++column) {
      const double a = 0.19 * column, b = 0.19 * row;
      const PlaneMap::Place at = map(a, b);
      points.push_back({at.a, at.b, known(0.1 + a, b, 0), true});
    }
  return points;
}

TEST(PlaneMap, TellsWhereAPointLiesAndHowFarOff) {
  Plane to = in_space(0.5);
  to.origin = {0.1f, 0.25f, 0};
  const PlaneMap::Place at = PlaneMap(in_space(0), to)(1, 0.5);
  // Along (1, 0, 0.5) the point (1, ., 0) is at 1 / 1.25, and 0.4 / sqrt(1.25) * sqrt(1.25) off.
  EXPECT_NEAR(at.a, 0.8, 1e-6);
  EXPECT_NEAR(at.b, 0.25, 1e-6);
  EXPECT_NEAR(at.off, std::hypot(0.2, 0.4), 1e-6) << "the shorter half is that of b, 1";
}

TEST(CarriedSurface, OfAPlaneThatHardlyTurnedSavesPoints) {
  const Plane plane = in_space(0.001);
  Surface alone(65, plane, 0.01), carried(65, plane, 0.01);
  for (Surface* surface : {&alone, &carried}) surface->choose(LossScale::kLinear);
  carried.carry_over(carried_to(plane));
  const auto evaluate = [](Surface& surface) {
    while (!surface.finished())
      for (const Surface::Cell& cell : surface.next(4))
        surface.set(cell, known(0.1 + cell.a, cell.b, 0.001 * cell.a));
  };
  evaluate(alone);
  evaluate(carried);
  EXPECT_EQ(alone.carried(), 0u);
  EXPECT_GT(carried.carried(), 40u);
  EXPECT_LT(carried.evaluated() + 20, alone.evaluated());
  double largest = 0;
  for (std::uint32_t row = 0; row < 65; ++row)
    for (std::uint32_t column = 0; column < 65; ++column) {
      const double a = column / 32.0 - 1, b = row / 32.0 - 1;
      largest = std::max(largest, std::abs(static_cast<double>(carried.heights()[row * 65 + column]) -
                                           known(0.1 + a, b, 0.001 * a)));
    }
  EXPECT_LE(largest, carried.error() * static_cast<double>(carried.maximum() - carried.minimum()));
}

TEST(CarriedSurface, OfAPlaneThatTurnedAwayIsDropped) {
  const Plane plane = in_space(0.4);
  Surface surface(65, plane, 0.01);
  surface.choose(LossScale::kLinear);
  surface.carry_over(carried_to(plane));
  while (!surface.finished())
    for (const Surface::Cell& cell : surface.next(4))
      surface.set(cell, known(0.1 + cell.a, cell.b, 0.4 * cell.a));
  EXPECT_EQ(surface.carried(), 0u);
}

TEST(LinearAlgebra, AnInverseUndoesItsMatrix) {
  const std::vector<double> matrix = {0, 2, 1, 1, 0, 3, 4, 1, 0};
  const auto inverted = inverse(matrix, 3);
  ASSERT_TRUE(inverted);
  for (std::size_t row = 0; row < 3; ++row)
    for (std::size_t column = 0; column < 3; ++column) {
      double sum = 0;
      for (std::size_t k = 0; k < 3; ++k) sum += matrix[k * 3 + row] * (*inverted)[column * 3 + k];
      EXPECT_NEAR(sum, row == column ? 1 : 0, 1e-12);
    }
  EXPECT_FALSE(inverse(std::vector<double>{0, 0, 0, 0}, 2)) << "there is none";
}

}  // namespace
}  // namespace fl
