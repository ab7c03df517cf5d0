// What the colour maps promise, measured on what the shader draws: the fitted polynomials.
#include "engine/view/color_map.h"

#include <algorithm>
#include <cmath>

#include <glm/common.hpp>
#include <glm/geometric.hpp>
#include <glm/mat3x3.hpp>
#include <gtest/gtest.h>

namespace fl {
namespace {

constexpr int kSteps = 100;

// Ottosson 2020, https://bottosson.github.io/posts/oklab: linear sRGB to Oklab.
glm::dvec3 oklab(glm::dvec3 c) {
  const auto root = [](double v) { return std::cbrt(std::max(v, 0.0)); };
  const double l = root(0.4122214708 * c.r + 0.5363325363 * c.g + 0.0514459929 * c.b);
  const double m = root(0.2119034982 * c.r + 0.6806995451 * c.g + 0.1073969566 * c.b);
  const double s = root(0.0883024619 * c.r + 0.2817188376 * c.g + 0.6299787005 * c.b);
  return {0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
          1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
          0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s};
}

// Machado, Oliveira and Fernandes 2009, "A physiologically-based model for simulation of color vision
// deficiency", severity 1.0, on linear sRGB. Written as rows.
const glm::dmat3 kProtanopia{0.152286, 1.052583, -0.204868, 0.114503, 0.786281,
                             0.099216, -0.003882, -0.048116, 1.051998};
const glm::dmat3 kDeuteranopia{0.367322, 0.860646, -0.227968, 0.280085, 0.672501,
                               0.047413, -0.011820, 0.042940, 0.968881};
const glm::dmat3 kTritanopia{1.255528, -0.076749, -0.178779, -0.078411, 0.930809,
                             0.147602, 0.004733, 0.691367, 0.303900};

glm::dvec3 seen(const glm::dmat3& rows, glm::dvec3 color) {
  return glm::clamp(color * rows, 0.0, 1.0);  // a row vector times the transpose: rows times the column
}

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
  for (const glm::dmat3& rows : {kProtanopia, kDeuteranopia, kTritanopia})
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
