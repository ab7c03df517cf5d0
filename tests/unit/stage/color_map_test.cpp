// What the colour maps promise, measured on what the shader draws: the fitted polynomials.
#include "engine/view/color_map.h"

#include <algorithm>
#include <cmath>

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <gtest/gtest.h>

#include "tests/support/eyes.h"

namespace fl {
namespace {

using testing::kColourBlind;
using testing::oklab;
using testing::seen;

constexpr int kSteps = 100;

class ColorMaps : public ::testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] static glm::dvec3 color(int step) {
    return glm::clamp(glm::dvec3(color_map(GetParam()).at(static_cast<float>(step) / kSteps)), 0.0, 1.0);
  }
};

TEST_P(ColorMaps, LightnessRisesAllTheWay) {
  for (int i = 0; i < kSteps; ++i) EXPECT_GT(oklab(color(i + 1)).x, oklab(color(i)).x + 0.001) << i;
  EXPECT_GT(oklab(color(kSteps)).x - oklab(color(0)).x, 0.5);
}

TEST_P(ColorMaps, EqualStepsLookEqual) {
  std::vector<double> steps;
  for (int i = 0; i < kSteps; ++i) steps.push_back(glm::distance(oklab(color(i + 1)), oklab(color(i))));
  const auto [least, most] = std::ranges::minmax(steps);
  EXPECT_LT(most / least, 1.2) << least << " to " << most;
}

TEST_P(ColorMaps, StaysInsideTheScreensColours) {
  for (int i = 0; i <= kSteps; ++i) {
    const glm::vec3 c = color_map(GetParam()).at(static_cast<float>(i) / kSteps);
    for (int channel = 0; channel < 3; ++channel) {
      EXPECT_GT(c[channel], -0.004f) << i << " channel " << channel;
      EXPECT_LT(c[channel], 1.004f) << i << " channel " << channel;
    }
  }
}

// A tenth of the range apart must look apart, and lightness must still tell the order.
TEST_P(ColorMaps, ColourBlindnessKeepsTheOrderAndTheDistances) {
  for (const glm::dmat3& rows : kColourBlind)
    for (int i = 0; i + 10 <= kSteps; ++i) {
      const glm::dvec3 low = oklab(seen(rows, color(i))), high = oklab(seen(rows, color(i + 10)));
      EXPECT_GT(high.x, low.x + 0.03) << i;
      EXPECT_GT(glm::distance(low, high), 0.04) << i;  // twice what is just noticed
    }
}

std::string name_of(const ::testing::TestParamInfo<std::string>& info) { return info.param; }
INSTANTIATE_TEST_SUITE_P(All, ColorMaps, ::testing::ValuesIn(color_map_names()), name_of);

TEST(ColorMap, AtLeastThreeAndAnUnknownNameIsTheDefault) {
  EXPECT_GE(color_map_names().size(), 3u);
  EXPECT_EQ(&color_map("no such map"), &color_map(color_map_names().front()));
}

}  // namespace
}  // namespace fl
