// The roughness of functions that are known.
#include "trainer/landscape/roughness.h"

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace fl {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

std::vector<double> line(const std::function<double(double)>& loss, int points = 201) {
  std::vector<double> losses;
  for (int i = 0; i < points; ++i) losses.push_back(loss(-1 + 2.0 * i / (points - 1)));
  return losses;
}

double roughness(const std::vector<double>& losses) {
  Roughness all;
  all.add_line(losses);
  return all.value();
}

TEST(Roughness, ABowlHasTheLeastExactly) {
  EXPECT_EQ(roughness(line([](double t) { return t * t; })), 1);
  EXPECT_EQ(roughness(line([](double t) { return 3e-7 * t * t; })), 1);
  EXPECT_EQ(roughness(line([](double t) { return 40 * (t - 0.3) * (t - 0.3) + 7; })), 1);
  EXPECT_EQ(roughness(line([](double t) { return std::abs(t); })), 1);
  EXPECT_EQ(roughness(line([](double t) { return std::exp(t); })), 1) << "its lowest place is an end";
  EXPECT_EQ(roughness(line([](double t) { return 1 - std::exp(-20 * t * t); })), 1)
      << "not convex, and no bump";
  EXPECT_EQ(roughness(line([](double) { return 0.7; })), 1);
  EXPECT_EQ(Roughness().value(), 1);
}

TEST(Roughness, IsTheWayAsAMultipleOfABowls) {
  // Down 2, up 1, down 2, up 4; a bowl goes down 3 and up 4.
  EXPECT_DOUBLE_EQ(roughness({3, 1, 2, 0, 4}), 9.0 / 7);
  EXPECT_DOUBLE_EQ(roughness({4, 0, 2, 1, 3}), 9.0 / 7) << "from the other end";
  EXPECT_DOUBLE_EQ(roughness({0, 1, 0.5, 2}), 1.5) << "it only rises but for the bump";
  EXPECT_EQ(roughness({0, 1, 0}), std::numeric_limits<double>::infinity());
}

TEST(Roughness, ASineOnABowlHasMoreTheHigherItIs) {
  const auto wavy = [](double height) {
    return line([=](double t) { return t * t + height * std::sin(20 * M_PI * t); }, 2001);
  };
  EXPECT_EQ(roughness(wavy(0.001)), 1) << "so low a sine moves the lowest place, and makes no other";
  double before = 1;
  for (const double height : {0.05, 0.1, 0.2, 0.4}) {
    const double now = roughness(wavy(height));
    EXPECT_GT(now, before + 0.5) << height;
    before = now;
  }
  // Twenty waves up and down, each twice as high as the sine: 80 times its height, where the bowl hardly
  // counts.
  const double height = 100;
  const auto losses = wavy(height);
  double way = 0, lowest = losses[0];
  for (std::size_t i = 1; i < losses.size(); ++i) {
    way += std::abs(losses[i] - losses[i - 1]);
    lowest = std::min(lowest, losses[i]);
  }
  EXPECT_NEAR(way, 80 * height, 1e-3 * way);
  EXPECT_NEAR(roughness(losses), way / (losses.front() + losses.back() - 2 * lowest),
              1e-9 * roughness(losses));
}

TEST(Roughness, IsOfNoScale) {
  const auto loss = [](double t) { return t * t + 0.1 * std::sin(20 * M_PI * t); };
  const double as_it_is = roughness(line(loss));
  EXPECT_GT(as_it_is, 1.5);
  EXPECT_EQ(roughness(line([&](double t) { return 1024 * loss(t); })), as_it_is);
  EXPECT_NEAR(roughness(line([&](double t) { return 1e-3 * loss(t) + 5; })), as_it_is, 1e-9);
  // The same losses at other distances, and twice as many of them.
  EXPECT_NEAR(roughness(line([&](double t) { return loss(t * std::abs(t)); }, 4001)),
              roughness(line(loss, 4001)), 1e-2);
  EXPECT_NEAR(roughness(line(loss, 4001)), roughness(line(loss, 8001)), 2e-3);
}

TEST(Roughness, LinesCountByHowDeepTheyGo) {
  Roughness both;
  both.add_line(std::vector<double>{3, 1, 2, 0, 4});        // 9 where a bowl has 7
  both.add_line(std::vector<double>{0.3, 0, 0.1, 0, 0.3});  // 0.8 where a bowl has 0.6
  EXPECT_DOUBLE_EQ(both.value(), 9.8 / 7.6);
}

TEST(Roughness, WhatIsNoNumberIsLeftOut) {
  EXPECT_DOUBLE_EQ(roughness({kNone, 3, 1, kNone, 2, 0, 4, std::numeric_limits<double>::infinity()}),
                   9.0 / 7);
  EXPECT_EQ(roughness({kNone, kNone}), 1);
  EXPECT_EQ(roughness({}), 1);
}

}  // namespace
}  // namespace fl
