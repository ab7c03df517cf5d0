#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/view/ticks.h"

namespace fl {
namespace {

std::vector<std::string> labels(const Ticks& ticks) {
  std::vector<std::string> out;
  for (int i = 0; i < ticks.count; ++i) out.push_back(format_tick(ticks.value(i), ticks.decimals));
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

TEST(Ticks, NumbersAreWrittenAsInPrint) {
  EXPECT_EQ(format_tick(-0.0, 1), "0.0");
  EXPECT_EQ(format_tick(-0.04, 1), "0.0");
  EXPECT_EQ(format_tick(-2, 0), "\u22122");
  EXPECT_EQ(format_value(0.4213, 2), "0.42");
  EXPECT_EQ(format_value(0.0513, 2), "0.051");
  EXPECT_EQ(format_value(13.42), "13.4");
  EXPECT_EQ(format_value(1280), "1280");
  EXPECT_EQ(format_value(std::nan("")), "\u2013");
  EXPECT_EQ(format_value(std::numeric_limits<double>::infinity()), "\u221E");
}

}  // namespace
}  // namespace fl
