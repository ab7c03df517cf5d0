// The curvature of a run: of its own loss, without a trace in it, and a sentence where there is none.
#include "trainer/subjects/curvature/run_curvature.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "trainer/base/json.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;
using test::small_spec;

TEST(RunCurvature, IsOfTheLossOfItsTrainingImages) {
  auto training = make_training(small_spec());
  for (int i = 0; i < 4; ++i) training->step();
  const auto weights = params_of(*training);
  const auto found = measure_curvature(*training, {.images = 1000});
  ASSERT_TRUE(found.ok()) << found.error().message;
  EXPECT_EQ(params_of(*training), weights);
  EXPECT_EQ(found->step, 4);
  EXPECT_EQ(found->images, training->split().train.size());
  const EvalResult whole = training->program().evaluate(training->split().train, {});
  EXPECT_NEAR(found->loss, whole.batch.loss, 1e-5 * whole.batch.loss);
  training->program().forward_backward(training->split().train);
  std::vector<float> gradients(weights.size());
  training->program().read_gradients(gradients);
  EXPECT_NEAR(found->gradient_norm, euclidean_norm(gradients), 1e-4 * found->gradient_norm);
  ASSERT_EQ(found->values.size(), 3u);
  EXPECT_GT(found->values[0], found->values[1]);
  EXPECT_GT(found->values[1], found->values[2]);
  EXPECT_LE(found->error, 0.01 * found->values[0]);
  EXPECT_GT(found->batch_sharpness, 0);
  EXPECT_LE(found->batch_sharpness, 10 * found->values[0]);
  // Adam divides.
  ASSERT_TRUE(found->limit && found->sharpness);
  EXPECT_TRUE(found->limit->preconditioned);
  EXPECT_NE(*found->sharpness, found->values[0]);
  // Again, and after a way further on: the same figures, other figures.
  EXPECT_EQ(measure_curvature(*training, {.images = 1000})->json(), found->json());
  training->step();
  EXPECT_NE(measure_curvature(*training, {.images = 1000})->values, found->values);
}

TEST(RunCurvature, HasNothingToDivideByBeforeTheFirstStep) {
  auto training = make_training(small_spec());
  const auto adam = measure_curvature(*training, {});
  ASSERT_TRUE(adam.ok());
  EXPECT_FALSE(adam->sharpness.has_value());
  EXPECT_EQ((*Json::parse(adam->json()))["sharpness"], Json());
  training->set_optimizer(OptimizerKind::kMomentum);
  const auto momentum = measure_curvature(*training, {});
  EXPECT_EQ(momentum->sharpness, momentum->values.front());
  EXPECT_EQ(momentum->values, adam->values);
  EXPECT_NEAR(momentum->limit->sharpness, 3.8 / training->rate(), 1e-6 / training->rate());
}

// Gradient descent over all images at once: beyond the limit the loss rises, below it falls (Cohen et al.
// 2021).
TEST(RunCurvature, SaysWhetherGradientDescentCanBearIt) {
  RunSpec spec = small_spec();
  spec.batch_size = 100;
  spec.optimizer = optimizer_info(OptimizerKind::kGradientDescent).defaults;
  const double sharpness = *measure_curvature(*make_training(spec), {.images = 1000})->sharpness;
  for (const double part : {0.2, 20.0}) {
    spec.rate = part * 2 / sharpness;
    auto training = make_training(spec);
    for (int i = 0; i < 3; ++i) training->step();
    const auto& steps = training->history().steps;
    EXPECT_EQ(steps.back().loss < steps.front().loss, part < 1)
        << steps.front().loss << ", " << steps.back().loss;
  }
}

TEST(RunCurvature, OfNoNumberIsASentence) {
  auto training = test::diverged_by_its_last_step();
  const auto found = measure_curvature(*training, {});
  ASSERT_FALSE(found.ok());
  EXPECT_NE(found.error().message.find("is no number"), std::string::npos) << found.error().message;
}

}  // namespace
}  // namespace fl
