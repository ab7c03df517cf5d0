// Surfaces of two parameters and the optimizers that descend them.
#include "trainer/landscape/two_parameters.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "trainer/base/random.h"

namespace fl {
namespace {

class Surfaces : public testing::TestWithParam<TwoParameterSurface> {};

TEST_P(Surfaces, GradientMatchesDifferencesInDouble) {
  const TwoParameterSurface& surface = GetParam();
  RandomStream random(3, StreamId::kTest);
  constexpr double kStep = 1e-5;  // where truncation and rounding meet
  for (int i = 0; i < 200; ++i) {
    TwoParameters at{random.uniform(surface.low[0], surface.high[0]),
                     random.uniform(surface.low[1], surface.high[1])};
    const TwoParameters slope = surface.gradient(at);
    for (std::size_t axis = 0; axis < 2; ++axis) {
      TwoParameters up = at, down = at;
      up[axis] += kStep;
      down[axis] -= kStep;
      const double expected = (surface.value(up) - surface.value(down)) / (2 * kStep);
      EXPECT_NEAR(slope[axis], expected, 1e-5 * (1 + std::abs(expected))) << at[0] << ", " << at[1];
    }
  }
}

TEST_P(Surfaces, StartsOnThePictureWithASlope) {
  const TwoParameterSurface& surface = GetParam();
  for (std::size_t axis = 0; axis < 2; ++axis) {
    EXPECT_GT(surface.start[axis], surface.low[axis]);
    EXPECT_LT(surface.start[axis], surface.high[axis]);
  }
  const TwoParameters slope = surface.gradient(surface.start);
  EXPECT_GT(std::hypot(slope[0], slope[1]), 1e-3);
  EXPECT_EQ(find_two_parameter_surface(surface.name), &two_parameter_surfaces()[static_cast<std::size_t>(
                                                          std::ranges::find(two_parameter_names(), surface.name) -
                                                          two_parameter_names().begin())]);
}

INSTANTIATE_TEST_SUITE_P(All, Surfaces, testing::ValuesIn(two_parameter_surfaces()),
                         [](const auto& test) {
                           std::string name = test.param.name;
                           std::erase(name, '-');
                           return name;
                         });

TEST(TwoParameterFormulas, HaveTheirTextbookValues) {
  const auto value = [](const char* name, double x, double z) {
    return find_two_parameter_surface(name)->value({x, z});
  };
  EXPECT_DOUBLE_EQ(value("global-minimum", 1, 2), 5);
  EXPECT_DOUBLE_EQ(value("saddle-point", 0, 1.5), 2.25);
  EXPECT_DOUBLE_EQ(value("ecliptic-bowl", 0, 0), -1);
  EXPECT_NEAR(value("local-minimum", -1, 0), -5, 1e-8);
  EXPECT_NEAR(value("local-minimum", 1, 0), -1, 1e-7);
  EXPECT_NEAR(value("hills", -1, 0), 7, 1e-2);
  EXPECT_NEAR(value("plateau", 0, 0), -1, 1e-4);
  EXPECT_DOUBLE_EQ(value("rosenbrock", 1, 1), 0);
  EXPECT_DOUBLE_EQ(value("rosenbrock", 0, 1), 1.01);
  EXPECT_DOUBLE_EQ(value("rastrigin", 0, 0), 0);
  EXPECT_NEAR(value("rastrigin", 2, 0), 28.925, 1e-3);  // f(5.12, 0)
  EXPECT_DOUBLE_EQ(value("himmelblau", 1.2, 0.8), 0);    // f(3, 2)
  EXPECT_EQ(find_two_parameter_surface("himmelbau"), nullptr);
}

}  // namespace
}  // namespace fl
