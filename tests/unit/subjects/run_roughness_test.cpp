// How rough the loss is around a run: measured without touching it, and the least where it is known to be
// convex.
#include "trainer/subjects/roughness/run_roughness.h"

#include <gtest/gtest.h>

#include "tests/support/small_training.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;

// The cross-entropy of one dense layer is convex in its weights, so it is on every line.
RunSpec one_layer() {
  RunSpec spec = test::small_spec();
  spec.threads = 1;
  spec.layers = {{.kind = LayerKind::kDense, .name = "dense", .out_channels = 2}};
  return spec;
}

TEST(RunRoughness, OneLayerIsABowlOnEveryLine) {
  const auto training = make_training(one_layer());
  for (int i = 0; i < 8; ++i) training->step();
  const auto found = measure_roughness(*training, {.reach = 4});
  ASSERT_TRUE(found);
  // Losses of float networks are rounded: a bowl's floor has bumps as high as that.
  EXPECT_NEAR(found->value, 1, 1e-4);
  EXPECT_GE(found->least, 1);
  EXPECT_NEAR(found->most, 1, 1e-3);
  EXPECT_EQ(found->lines, 10u);
  EXPECT_EQ(found->points, 21u);
  EXPECT_EQ(found->images, training->split().train.size());
}

TEST(RunRoughness, TouchesNothingAndSaysTheSameAgain) {
  RunSpec spec = test::small_spec();
  spec.network = "ct-resnet";
  spec.threads = 1;
  spec.epochs = 1;
  const auto training = make_training(spec);
  training->step();
  const std::vector<float> before = params_of(*training);
  const auto once = measure_roughness(*training, {.images = 6});
  EXPECT_EQ(params_of(*training), before);
  ASSERT_TRUE(once);
  EXPECT_EQ(once->images, 6u);
  EXPECT_LE(once->least, once->value);
  EXPECT_LE(once->value, once->most);
  const auto again = measure_roughness(*training, {.images = 6});
  EXPECT_EQ(again->value, once->value);
  const auto beside = make_training(spec);
  beside->step();
  while (training->step()) {
  }
  while (beside->step()) {
  }
  EXPECT_EQ(params_of(*training), params_of(*beside));
}

TEST(RunRoughness, IsNoneWhereSomebodyEndsItOrTheLossIsNoNumber) {
  const auto training = make_training(one_layer());
  int asked = 0;
  EXPECT_FALSE(measure_roughness(*training, {}, [&] { return ++asked < 3; }));
  EXPECT_EQ(asked, 3);
  EXPECT_FALSE(measure_roughness(*test::diverged_by_its_last_step()));
}

TEST(RunRoughness, IsSaidInASentence) {
  EXPECT_EQ(
      roughness_sentence({.value = 1.234, .least = 1, .most = 12.34, .lines = 10}),
      "Roughness 1.23: along 10 random lines through the end of the path, the loss goes up and down 1.23 times as "
      "far as in a bowl (1.00 to 12 on a single line).");
}

}  // namespace
}  // namespace fl
