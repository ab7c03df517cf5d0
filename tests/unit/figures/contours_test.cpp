#include <cmath>
#include <limits>

#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include "engine/figures/contour_figure.h"

namespace fl {
namespace {

constexpr std::size_t kSide = 33;

std::vector<float> heights_of(double (*height)(double x, double y)) {
  std::vector<float> heights;
  for (std::size_t row = 0; row < kSide; ++row)
    for (std::size_t column = 0; column < kSide; ++column)
      heights.push_back(
          static_cast<float>(height(static_cast<double>(column) - 16, static_cast<double>(row) - 16)));
  return heights;
}

TEST(Contours, OfABowlAreCircles) {
  const auto pieces =
      contour_pieces(heights_of([](double x, double y) { return x * x + y * y; }), kSide, 100);
  ASSERT_GT(pieces.size(), 60u);
  double length = 0;
  for (const auto& [from, to] : pieces) {
    for (const glm::dvec2& end : {from, to}) EXPECT_NEAR(glm::length(end - glm::dvec2(16)), 10, 0.03);
    length += glm::length(to - from);
  }
  EXPECT_NEAR(length, 2 * M_PI * 10, 0.3);
}

TEST(Contours, OfASlopeAreStraight) {
  const auto pieces = contour_pieces(heights_of([](double x, double) { return x; }), kSide, 3.25);
  EXPECT_EQ(pieces.size(), kSide - 1);
  for (const auto& [from, to] : pieces) {
    EXPECT_DOUBLE_EQ(from.x, 19.25);
    EXPECT_DOUBLE_EQ(to.x, 19.25);
  }
}

TEST(Contours, NoneGoThroughAHole) {
  auto heights = heights_of([](double x, double y) { return x * x + y * y; });
  for (std::size_t i = 0; i < heights.size(); ++i)
    if (i % kSide > 16) heights[i] = std::numeric_limits<float>::quiet_NaN();
  for (const auto& [from, to] : contour_pieces(heights, kSide, 100)) {
    EXPECT_LE(from.x, 16);
    EXPECT_LE(to.x, 16);
  }
  EXPECT_TRUE(contour_pieces(heights, kSide, 1e9).empty());
}

TEST(Contours, AtASaddleTheMiddleDecides) {
  // Both low corners are joined through a middle that is below the level, and parted by one that is above.
  const std::vector<float> joined{0, 1, 1, 0}, parted{0, 3, 3, 0};
  for (const auto& [heights, low_joined] : {std::pair{joined, true}, {parted, false}}) {
    const auto pieces = contour_pieces(heights, 2, 0.9);
    ASSERT_EQ(pieces.size(), 2u);
    for (const auto& [from, to] : pieces) {
      // Each piece lies near one corner: a high one where the low are joined.
      const glm::dvec2 middle = 0.5 * (from + to);
      const bool near_low = std::abs(middle.x - middle.y) < 0.2;
      EXPECT_EQ(near_low, !low_joined);
    }
  }
}

}  // namespace
}  // namespace fl
