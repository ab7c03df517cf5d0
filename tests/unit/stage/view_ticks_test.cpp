#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/landscape/axes.h"
#include "engine/pass/ticks.h"

namespace fl {
namespace {

std::vector<std::string> labels(const Ticks& ticks) {
  std::vector<std::string> out;
  for (int i = 0; i < ticks.count; ++i) out.push_back(format_tick(ticks, i));
  return out;
}

TEST(Ticks, AreOneTwoOrFiveTimesAPowerOfTen) {
  EXPECT_EQ(labels(nice_ticks(0, 1, 6)),
            (std::vector<std::string>{"0.0", "0.2", "0.4", "0.6", "0.8", "1.0"}));
  EXPECT_EQ(labels(nice_ticks(0, 50, 6)), (std::vector<std::string>{"0", "10", "20", "30", "40", "50"}));
  EXPECT_EQ(labels(nice_ticks(0, 0.7, 4)), (std::vector<std::string>{"0.0", "0.2", "0.4", "0.6"}));
  EXPECT_EQ(labels(nice_ticks(-0.03, 0.03, 4)), (std::vector<std::string>{"\u22120.02", "0.00", "0.02"}));
  EXPECT_EQ(labels(nice_ticks(0, 2000, 5)), (std::vector<std::string>{"0", "500", "1000", "1500", "2000"}));
}

TEST(Ticks, StayInsideTheRangeAndTheLimit) {
  for (double low : {-7.3, 0.0, 0.013, 99.0}) {
    for (double length : {1e-6, 0.031, 1.0, 3.7, 250.0, 8e5}) {
      for (int most = 2; most <= 12; ++most) {
        const Ticks ticks = nice_ticks(low, low + length, most);
        ASSERT_GE(ticks.count, 1) << low << " + " << length << ", " << most;
        EXPECT_LE(ticks.count, most);
        EXPECT_GE(ticks.first, low - 1e-6 * length);
        EXPECT_LE(ticks.last(), low + length * (1 + 1e-6));
        const double mantissa = ticks.step / std::pow(10, std::floor(std::log10(ticks.step) + 1e-9));
        EXPECT_TRUE(std::abs(mantissa - 1) < 1e-9 || std::abs(mantissa - 2) < 1e-9 ||
                    std::abs(mantissa - 5) < 1e-9)
            << mantissa;
      }
    }
  }
}

TEST(Ticks, CountWholeEpochs) {
  EXPECT_EQ(labels(nice_ticks(0, 2, 8, true)), (std::vector<std::string>{"0", "1", "2"}));
  EXPECT_EQ(nice_ticks(0, 3, 12, true).step, 1);
}

TEST(Ticks, RefuseRangesWithoutExtent) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(nice_ticks(1, 1, 5).count, 0);
  EXPECT_EQ(nice_ticks(2, 1, 5).count, 0);
  EXPECT_EQ(nice_ticks(0, nan, 5).count, 0);
  EXPECT_EQ(nice_ticks(0, infinity, 5).count, 0);
}

TEST(Ticks, CeilingIsATickAtOrAboveTheValue) {
  EXPECT_DOUBLE_EQ(nice_ceiling(0.69, 4), 0.8);
  EXPECT_DOUBLE_EQ(nice_ceiling(1.0, 5), 1.0);
  EXPECT_DOUBLE_EQ(nice_ceiling(1.01, 5), 1.5);
  EXPECT_DOUBLE_EQ(nice_ceiling(0, 5), 1.0);
  EXPECT_DOUBLE_EQ(nice_ceiling(std::nan(""), 5), 1.0);
}

TEST(Ticks, LargeNumbersArePowersOfTen) {
  EXPECT_EQ(
      labels(nice_ticks(0, 2e5, 5)),
      (std::vector<std::string>{"0", "5\u00D710\u2074", "10\u2075", "1.5\u00D710\u2075", "2\u00D710\u2075"}));
  EXPECT_EQ(labels(nice_ticks(1.20e6, 1.23e6, 4)),
            (std::vector<std::string>{"1.2\u00D710\u2076", "1.21\u00D710\u2076", "1.22\u00D710\u2076",
                                      "1.23\u00D710\u2076"}));
  EXPECT_EQ(format_round(0.05F), "0.05");
  EXPECT_EQ(format_round(20000), "20000");
  EXPECT_EQ(format_round(1e5F), "10\u2075");
  for (double largest = 1; largest < 1e38; largest *= 7.3) {
    for (const std::string& text : labels(nice_ticks(0, largest, 6))) {
      EXPECT_LE(std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }), 5)
          << text;
    }
  }
}

// On a logarithm over any number of decades: a handful.
TEST(Ticks, LossTicksAreAHandful) {
  for (const float low : {-6.F, -1.F, 0.3F}) {
    for (const float decades : {0.4F, 1.F, 2.9F, 3.F, 5.F, 12.F, 31.F, 44.F}) {
      const SurfaceScale surface{.log = true, .low = low, .high = std::min(low + decades, 38.F)};
      const auto ticks = loss_ticks(surface);
      EXPECT_GE(ticks.size(), 1U);
      EXPECT_LE(ticks.size(), decades >= 3 ? 6U : 10U) << low << " + " << decades;
    }
  }
}

TEST(SurfaceScale, KeepsEveryLossOnTheStage) {
  const SurfaceScale surface{.low = 0, .high = 2};
  EXPECT_EQ(surface.stage_y(1), surface.world_y(1));
  EXPECT_EQ(surface.stage_y(1e30F), surface.ceiling());
  EXPECT_EQ(surface.stage_y(-1e30F), SurfaceScale::kFloor);
}

TEST(Ticks, NumbersAreWrittenAsInPrint) {
  EXPECT_EQ(format_tick(-0.0, 1), "0.0");
  EXPECT_EQ(format_tick(-0.04, 1), "0.0");
  EXPECT_EQ(format_tick(-2, 0), "\u22122");
  EXPECT_EQ(format_value(0.4213, 2), "0.42");
  EXPECT_EQ(format_value(0.0513, 2), "0.051");
  EXPECT_EQ(format_value(13.42), "13.4");
  EXPECT_EQ(format_value(1280), "1280");
  EXPECT_EQ(format_value(6.707e9), "6.71\u00D710\u2079");
  EXPECT_EQ(format_value(1e30), "10\u00B3\u2070");
  EXPECT_EQ(format_value(-2e-7), "\u22122\u00D710\u207B\u2077");
  EXPECT_EQ(format_value(std::nan("")), "\u2013");
  EXPECT_EQ(format_value(std::numeric_limits<double>::infinity()), "\u221E");
}

}  // namespace
}  // namespace fl
