// Surfaces of two parameters and the optimizers that descend them.
#include "trainer/landscape/two_parameters.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "trainer/base/random.h"
#include "trainer/landscape/own_surface.h"

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

// The named surfaces as somebody would type them.
struct Typed {
  const char* name;
  const char* formula;
};
class TypedSurfaces : public testing::TestWithParam<Typed> {};

TEST_P(TypedSurfaces, HaveTheValuesAndTheGradientsOfTheNamedOnes) {
  const TwoParameterSurface& named = *find_two_parameter_surface(GetParam().name);
  const auto typed = own_surface(GetParam().formula);
  ASSERT_TRUE(typed.ok()) << typed.error().message;
  EXPECT_EQ(typed->label, GetParam().formula);
  RandomStream random(4, StreamId::kTest);
  for (int i = 0; i < 300; ++i) {
    const TwoParameters at{random.uniform(-2, 2), random.uniform(-2, 2)};
    const double value = named.value(at);
    EXPECT_NEAR(typed->value(at), value, 1e-12 * (1 + std::abs(value)));
    const TwoParameters exact = named.gradient(at), own = typed->gradient(at);
    const double size = 1 + std::hypot(exact[0], exact[1]);
    for (std::size_t axis = 0; axis < 2; ++axis)
      EXPECT_NEAR(own[axis], exact[axis], 1e-8 * size) << at[0] << ", " << at[1];
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, TypedSurfaces,
    testing::Values(
        Typed{"local-minimum",
              "-2*exp(-((x-1)^2+(1.4*z)^2)/.2) - 6*exp(-((x+1)^2+(1.4*z)^2)/.2) + x^2 + (1.4*z)^2"},
        Typed{"global-minimum", "x^2 + z^2"}, Typed{"saddle-point", "sin(x) + z^2"},
        Typed{"ecliptic-bowl", "-exp(-((x/2)^2 + 5*(z/2)^2)) + (x/2)^2 + .5*(z/2)^2"},
        Typed{"hills",
              "2*exp(-((x-1)^2+(1.4*z)^2)/.2) + 6*exp(-((x+1)^2+(1.4*z)^2)/.2)"
              " - 2*exp(-((x-1)^2+(1.4*z+1)^2)/.2) + x^2 + (1.4*z)^2"},
        Typed{"plateau", "-sin(10*sqrt(x^2+z^2)+.01)/(10*sqrt(x^2+z^2)+.01) + .01*(10*sqrt(x^2+z^2)+.01)^2"},
        Typed{"rosenbrock", "0.01*(1-x)^2 + (y - x^2)^2"},
        Typed{"rastrigin", "(2.56*x)^2 + 10*(1-cos(2*pi*2.56*x)) + (2.56*z)^2 + 10*(1-cos(2*pi*2.56*z))"},
        Typed{"himmelblau", "((2.5*x)^2 + 2.5*z - 11)^2 + (2.5*x + (2.5*z)^2 - 7)^2"}),
    [](const auto& test) {
      std::string name = test.param.name;
      std::erase(name, '-');
      return name;
    });

// The rates of a formula are of the size of those that were found by hand.
TEST(OwnSurface, HasRatesThatSuitItsSlopes) {
  const auto steep = own_surface("((2.5*x)^2 + 2.5*z - 11)^2 + (2.5*x + (2.5*z)^2 - 7)^2"),
             flat = own_surface("0.001*(x^2 + z^2)");
  ASSERT_TRUE(steep.ok() && flat.ok());
  EXPECT_LT(steep->rates.gradient_descent, 1e-3);
  EXPECT_GE(flat->rates.gradient_descent, 1);
  EXPECT_EQ(steep->rates.adam, 0.05);
}

TEST(OwnSurface, BeginsWhereThereIsANumber) {
  const auto half = own_surface("sqrt(-x) + z^2");
  ASSERT_TRUE(half.ok()) << half.error().message;
  EXPECT_LT(half->start[0], 0);
}

struct Mistake {
  const char* formula;
  const char* says;
};
class Mistakes : public testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreToldInASentenceWithTheirPlace) {
  const auto read = own_surface(GetParam().formula);
  ASSERT_FALSE(read.ok()) << GetParam().formula;
  const std::string& why = read.error().message;
  EXPECT_NE(why.find(GetParam().says), std::string::npos) << why;
  EXPECT_TRUE(why.ends_with(".") || why.ends_with("sin(z)")) << why;
  EXPECT_EQ(why.find('\n'), std::string::npos) << why;
}

INSTANTIATE_TEST_SUITE_P(
    All, Mistakes,
    testing::Values(Mistake{"x^2 + ", "at letter"}, Mistake{"x^2 + 3*w", "letter 9: nothing is called \"w\""},
                    Mistake{"(x^2 + z", "closed"},
                    Mistake{"x^2 + z)", "letter 8: there is a bracket too many"},
                    Mistake{"x + * z", "letter 5"}, Mistake{"2 x", "letter 3: an operator is missing"},
                    Mistake{"x = 2", "letter 3: \"=\" says nothing here"}, Mistake{"sin()", "argument"},
                    Mistake{"x, z", "2 values"}, Mistake{"", "There is no formula"},
                    Mistake{"   ", "There is no formula"}, Mistake{"7", "the same everywhere"},
                    Mistake{"sqrt(-1-x^2)", "no number anywhere"}, Mistake{"x $ z", "letter"},
                    Mistake{"x^2 + \"a\"", "letter"}));

TEST(OwnSurface, HasAMostLength) {
  std::string longest(kMostFormula, ' ');
  longest[0] = 'x';
  EXPECT_TRUE(own_surface(longest).ok());
  longest.push_back(' ');
  EXPECT_FALSE(own_surface(longest).ok());
  // Deep, and still read.
  std::string deep(401, ')');
  std::fill_n(deep.begin(), 200, '(');
  deep[200] = 'x';
  EXPECT_TRUE(own_surface(deep).ok());
}

}  // namespace
}  // namespace fl
