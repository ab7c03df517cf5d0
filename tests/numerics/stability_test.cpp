// Where the limit of an optimizer lies: a little below, a valley of that curvature is gone down, and a little
// above left again.
#include "trainer/curvature/stability.h"

#include <cmath>

#include <gtest/gtest.h>

namespace fl {
namespace {

constexpr double kRate = 0.01;

// How far from the floor a weight that began at 1 is after many steps of the optimizer itself.
double end_of(const OptimizerSpec& spec, double curvature) {
  OptimizerState state;
  state.reset(spec, 1, {{.begin = 0, .end = 1}});
  float weight = 1;
  for (int step = 0; step < 4000 && std::abs(weight) < 1e6f; ++step) {
    const float gradient = static_cast<float>(curvature) * weight;
    optimizer_step(spec, kRate, state, {&gradient, 1}, {&weight, 1});
  }
  return std::abs(static_cast<double>(weight));
}

TEST(StabilityLimit, PartsDescentsThatEndFromThoseThatDoNot) {
  for (const OptimizerKind kind : {OptimizerKind::kGradientDescent, OptimizerKind::kMomentum,
                                   OptimizerKind::kNesterov, OptimizerKind::kQhm})
    for (const double decay : {0.0, 5.0}) {
      OptimizerSpec spec = optimizer_info(kind).defaults;
      spec.beta1 = 0.9;
      spec.weight_decay = decay;
      const auto limit = stability_limit(spec, kRate);
      ASSERT_TRUE(limit.has_value());
      EXPECT_FALSE(limit->preconditioned);
      EXPECT_LT(end_of(spec, 0.99 * limit->sharpness), 1) << optimizer_name(kind);
      EXPECT_GT(end_of(spec, 1.01 * (limit->sharpness + decay) - decay), 1e5) << optimizer_name(kind);
    }
}

// Adam whose squares stay as they are.
TEST(StabilityLimit, OfAdamIsThatOfItsDividedHessian) {
  const OptimizerSpec spec = optimizer_info(OptimizerKind::kAdam).defaults;
  const auto limit = stability_limit(spec, kRate);
  ASSERT_TRUE(limit && limit->preconditioned);
  EXPECT_NEAR(limit->sharpness, 38 / kRate, 1e-9 / kRate);
  for (const double part : {0.99, 1.01}) {
    double weight = 1, average = 0;
    for (int step = 0; step < 20000 && std::abs(weight) < 1e6; ++step) {
      average = spec.beta1 * average + (1 - spec.beta1) * part * limit->sharpness * weight;
      weight -= kRate * average;
    }
    EXPECT_EQ(std::abs(weight) < 1, part < 1) << weight;
  }
}

TEST(Preconditioner, IsWhatAStepDividesBy) {
  for (const OptimizerKind kind : {OptimizerKind::kAdam, OptimizerKind::kRmsProp, OptimizerKind::kAdaGrad}) {
    const OptimizerSpec spec = optimizer_info(kind).defaults;
    OptimizerState state;
    state.reset(spec, 1, {});
    EXPECT_TRUE(preconditioner(spec, state.arrays, 0).empty());
    float weight = 0;
    double average = 0;
    for (const float gradient : {0.5f, -1.0f, 2.0f}) {
      const float before = weight;
      optimizer_step(spec, kRate, state, {&gradient, 1}, {&weight, 1});
      average = spec.beta1 * average + (1 - spec.beta1) * static_cast<double>(gradient);
      const double taken = kind == OptimizerKind::kAdam ? average : static_cast<double>(gradient);
      const double expected = kRate * taken / preconditioner(spec, state.arrays, state.steps).front();
      EXPECT_NEAR(before - weight, expected, 1e-5 * std::abs(expected)) << optimizer_name(kind);
    }
  }
  EXPECT_TRUE(preconditioner(optimizer_info(OptimizerKind::kMomentum).defaults, {}, 5).empty());
  EXPECT_FALSE(stability_limit(optimizer_info(OptimizerKind::kQhAdam).defaults, kRate).has_value());
}

TEST(Stability, ItsRuleIsANumberOverTheRate) {
  OptimizerSpec spec = optimizer_info(OptimizerKind::kGradientDescent).defaults;
  spec.weight_decay = 0.5;
  EXPECT_EQ(limit_rule(spec), "2 / rate");
  EXPECT_EQ(limit_rule(optimizer_info(OptimizerKind::kMomentum).defaults), "3.8 / rate");
  EXPECT_EQ(limit_rule(optimizer_info(OptimizerKind::kAdam).defaults), "38 / rate");
}

}  // namespace
}  // namespace fl
