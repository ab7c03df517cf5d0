// Optimizers against their closed forms in double.
#include "trainer/optim/optimizer.h"

#include <cmath>

#include <gtest/gtest.h>

namespace fl {
namespace {

TEST(GradientDescent, MovesByRateTimesGradient) {
  const OptimizerSpec spec{.kind = OptimizerKind::kGradientDescent};
  OptimizerState state;
  state.reset(spec, 3);
  std::vector<float> params = {1, -2, 0.5f};
  const std::vector<float> gradients = {0.5f, -1, 4};
  const double norm = optimizer_step(spec, 0.1, state, gradients, params);
  EXPECT_FLOAT_EQ(params[0], 0.95f);
  EXPECT_FLOAT_EQ(params[1], -1.9f);
  EXPECT_FLOAT_EQ(params[2], 0.1f);
  EXPECT_NEAR(norm, 0.1 * std::sqrt(0.25 + 1 + 16), 1e-6);
}

TEST(Adam, FollowsKingmaAndBaInDouble) {
  const OptimizerSpec spec{.kind = OptimizerKind::kAdam, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-7};
  OptimizerState state;
  state.reset(spec, 2);
  std::vector<float> params = {0.3f, -1.2f};
  double w[2] = {0.3, -1.2}, m[2] = {}, v[2] = {};
  for (int t = 1; t <= 50; ++t) {
    const std::vector<float> gradients = {static_cast<float>(std::sin(t)), static_cast<float>(0.01 * t)};
    optimizer_step(spec, 0.01, state, gradients, params);
    for (std::size_t i = 0; i < 2; ++i) {
      const double g = gradients[i];
      m[i] = 0.9 * m[i] + 0.1 * g;
      v[i] = 0.999 * v[i] + 0.001 * g * g;
      const double m_hat = m[i] / (1 - std::pow(0.9, t)), v_hat = v[i] / (1 - std::pow(0.999, t));
      w[i] -= 0.01 * m_hat / (std::sqrt(v_hat) + 1e-7);
      EXPECT_NEAR(params[i], w[i], 2e-6) << "step " << t;
    }
  }
}

TEST(Adam, FirstStepIsTheRateWhateverTheGradientsSize) {
  const OptimizerSpec spec;
  for (const float g : {1e-3f, 1.0f, 1e3f}) {
    OptimizerState state;
    state.reset(spec, 1);
    std::vector<float> params = {0};
    optimizer_step(spec, 0.002, state, std::vector<float>{g}, params);
    EXPECT_NEAR(params[0], -0.002, 2e-6);
  }
}

TEST(Optimizers, UnknownNamesListWhatExists) {
  const auto result = optimizer_by_name("adm");
  ASSERT_FALSE(result.ok());
  EXPECT_NE(result.error().message.find("gradient-descent"), std::string::npos);
}

}  // namespace
}  // namespace fl
