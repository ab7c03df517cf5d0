// Settings one by one, and the presets: what their sentences claim is seen on phantoms.
#include "trainer/subjects/settings/presets.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "trainer/base/check.h"
#include "trainer/subjects/record/findings.h"

namespace fl {
namespace {

using test::make_training;

constexpr double kGuess = 0.6931471805599453;  // the loss of a guess between two classes: ln 2

RunSpec lesson() {
  RunSpec spec = test::small_spec();
  spec.data.image_size = 32;
  return spec;
}

RunSpec on_backbone() {
  return parse_run_spec(toml::table{{"network", toml::table{{"backbone", "phantom"}}}}, RunSpec()).value();
}

const Preset& preset(std::string_view name) {
  return *std::ranges::find(presets(), name, &Preset::name);
}

RunSpec with(std::string_view name, const RunSpec& own = lesson()) {
  return with_settings(own, preset(name).settings).value();
}

std::unique_ptr<Training> trained(const RunSpec& spec) {
  auto training = make_training(spec);
  while (training->step()) {
  }
  return training;
}

// What is trained on a backbone, here on the pixels themselves.
RunSpec head() {
  RunSpec run = lesson();
  run.layers = {{.kind = LayerKind::kDense, .name = "dense1", .out_channels = 100, .output = "hidden"},
                {.kind = LayerKind::kRelu, .name = "relu1"},
                {.kind = LayerKind::kDense, .name = "dense2", .out_channels = 2, .bias = false}};
  run.init = "tm-truncated";
  return run;
}

RunSpec named(const char* network) {
  RunSpec run = lesson();
  run.network = network;
  return run;
}

// Seeds and networks that each claim is looked at with.
std::vector<RunSpec> several(std::string_view name) {
  std::vector<RunSpec> runs;
  for (RunSpec own : {named("ct-small"), named("mlp"), head()})
    for (const std::uint64_t seed : {1, 2, 3}) {
      own.seed = seed;
      runs.push_back(with(name, own));
    }
  return runs;
}

TEST(RunSettings, AKeyIsFoundByItsPathWithItsRange) {
  EXPECT_EQ(run_key("train.epochs").bounds->high, 100000);
  EXPECT_EQ(run_key("train.augment.flip").kind, "true or false");
  EXPECT_EQ(run_key("train.balance").names, (std::vector<std::string>{"off", "sample", "weight"}));
  EXPECT_EQ(run_key("train.optimizer").names, optimizer_names());
  EXPECT_THROW((void)run_key("train.sugar"), CheckFailure);
}

TEST(RunSettings, ValuesAreThoseOfTheScene) {
  RunSpec run = lesson();
  EXPECT_EQ(run_value(run, "train.epochs"), "6");
  EXPECT_EQ(run_value(run, "train.optimizer"), "\"adam\"");
  EXPECT_EQ(run_value(run, "train.augment"), "{}");
  EXPECT_EQ(run_value(run, "data.phantom_counts"), "[12, 12]");
  run.augment = {.flip = true, .rotate = 15};
  EXPECT_EQ(with_settings({}, {{"train.augment", run_value(run, "train.augment")}})->augment, run.augment);
}

TEST(RunSettings, AnOptimizerBringsItsNumbers) {
  RunSpec run = lesson();
  run.optimizer = optimizer_info(OptimizerKind::kAdamW).defaults;
  run.optimizer.beta1 = 0.8;
  const auto next = with_settings(run, {{"train.optimizer", "\"qhm\""}});
  ASSERT_TRUE(next.ok());
  EXPECT_EQ(next->optimizer, with_kind(run.optimizer, OptimizerKind::kQhm));
}

TEST(RunSettings, WhatIsWrongIsSaidInASentence) {
  const auto said = [](const Setting& one) { return with_settings(lesson(), {one}).error().message; };
  EXPECT_EQ(said({"train.epochs", "0"}), "[train] epochs must be a whole number from 1 to 100000.");
  EXPECT_EQ(said({"train.rate", "1e+99"}), "[train] rate must be a number from 1e-12 to 1000000.");
}

TEST(RunSettings, DifferencesMakeOneRunOfTheOther) {
  RunSpec from = lesson(), to = lesson();
  from.augment.flip = true;
  to.epochs = 9;
  to.optimizer = optimizer_info(OptimizerKind::kQhm).defaults;
  to.seed = 8;
  const auto made = with_settings(from, differences(from, to));
  ASSERT_TRUE(made.ok());
  to.seed = from.seed;
  EXPECT_EQ(scene_of(*made), scene_of(to));
  EXPECT_TRUE(differences(to, to).empty());
}

TEST(RunSettings, AnOptimizerReadsWhatItsFormulaNames) {
  using Kind = OptimizerKind;
  const auto reads = [](Kind kind) {
    std::string names;
    for (const auto& [name, number] : kOptimizerNumbers)
      if (optimizer_reads(kind, number)) names += std::string(name) + " ";
    return names;
  };
  EXPECT_EQ(reads(Kind::kGradientDescent), "weight_decay ");
  EXPECT_EQ(reads(Kind::kMomentum), "beta1 weight_decay ");
  EXPECT_EQ(reads(Kind::kRmsProp), "beta2 epsilon weight_decay ");
  EXPECT_EQ(reads(Kind::kAdamW), "beta1 beta2 epsilon weight_decay ");
  EXPECT_EQ(reads(Kind::kQhm), "beta1 nu1 weight_decay ");
  EXPECT_EQ(reads(Kind::kQhAdam), "beta1 beta2 epsilon nu1 nu2 weight_decay ");
}

TEST(Presets, EachOpensWhereItIsOfferedAndGoesBack) {
  std::set<std::string_view> names;
  for (const Preset& one : presets()) {
    EXPECT_TRUE(names.insert(one.name).second) << one.name;
    for (const RunSpec& own : {lesson(), on_backbone()}) {
      if (!suits(one, own)) continue;
      const auto wanted = with_settings(own, one.settings);
      ASSERT_TRUE(wanted.ok()) << one.name << ": " << wanted.error().message;
      EXPECT_EQ(preset_settings(one, own, own)->empty(), one.settings.empty()) << one.name;
      for (const Preset& next : presets()) {
        if (!suits(next, own)) continue;
        const auto made = with_settings(*wanted, preset_settings(next, own, *wanted).value());
        ASSERT_TRUE(made.ok()) << one.name << ", then " << next.name << ": " << made.error().message;
        EXPECT_EQ(scene_of(*made), scene_of(with_settings(own, next.settings).value()))
            << one.name << ", then " << next.name;
      }
    }
  }
}

TEST(Presets, WhatMeansNothingIsNotOffered) {
  RunSpec files = lesson(), residual = lesson();
  files.data.source = "project.tm";
  residual.network = "ct-resnet";
  for (const char* name : {"by-heart", "unbalanced"}) {
    EXPECT_TRUE(suits(preset(name), lesson()));
    EXPECT_FALSE(suits(preset(name), files));
  }
  EXPECT_FALSE(suits(preset("changed-images"), on_backbone()));
  EXPECT_FALSE(suits(preset("ten-times-the-start"), residual));
}

TEST(Presets, ARateTooLargeExplodesOrKillsAllUnits) {
  int diverged = 0, guesses = 0;
  for (const RunSpec& run : several("too-large-a-rate")) {
    const auto training = trained(run);
    const auto& steps = training->history().steps;
    const bool guess = std::abs(steps.back().loss - kGuess) < 1e-3;
    EXPECT_TRUE(guess || !(steps.back().loss < 10 * steps.front().loss)) << run.seed;
    diverged += training->state() == RunState::kDiverged ? 1 : 0;
    guesses += guess ? 1 : 0;
  }
  EXPECT_GE(diverged, 3);
  EXPECT_GE(guesses, 3);
}

TEST(Presets, ARateTooSmallHardlyLearns) {
  for (const RunSpec& run : several("too-small-a-rate")) {
    const auto training = trained(run);
    const auto& epochs = training->history().epochs;
    EXPECT_LT(epochs.back().loss, epochs.front().loss);
    EXPECT_GT(epochs.back().loss, 0.99 * epochs.front().loss);
  }
}

TEST(Presets, FromAllZerosItNeverDoesBetterThanAGuess) {
  for (const RunSpec& run : several("all-zeros")) {
    const auto training = trained(run);
    for (const EpochRecord& epoch : training->history().epochs) {
      EXPECT_NEAR(epoch.loss, kGuess, 0.01);
      EXPECT_NEAR(epoch.test_loss, kGuess, 0.01);
    }
  }
}

TEST(Presets, ALargeStartIsFarAboveAGuess) {
  for (const RunSpec& run : several("ten-times-the-start"))
    EXPECT_GT(trained(run)->history().steps.front().loss, 5 * kGuess);
}

TEST(Presets, FewImagesAreLearntByHeart) {
  for (const std::uint64_t seed : {1, 2}) {
    RunSpec own = lesson();
    own.seed = seed;
    own.data.image_size = 16;
    const auto training = trained(with("by-heart", own));
    EXPECT_EQ(training->split().train.size(), 20u);
    const EpochRecord& last = training->history().epochs.back();
    EXPECT_EQ(last.accuracy, 1);
    EXPECT_LE(last.test_accuracy, 0.9);
  }
}

TEST(Presets, OfTheUnbalancedTwentyToOneAreNormal) {
  const RunSpec run = with("unbalanced");
  const auto [haemorrhages, normal] = std::pair(run.data.phantom_counts[0], run.data.phantom_counts[1]);
  EXPECT_EQ(normal, 20 * haemorrhages);
  EXPECT_EQ(std::round(100.0 * normal / (normal + haemorrhages)), 95);
}

TEST(Presets, AGentleEndBeginsAndEndsWithShortSteps) {
  const auto training = trained(with("gentle-end"));
  const auto& steps = training->history().steps;
  const auto most = std::ranges::max_element(steps, {}, &StepRecord::rate);
  EXPECT_LT(steps.front().rate, most->rate);
  EXPECT_EQ(most->epoch, 0);
  EXPECT_LT(steps.back().rate, 0.1 * most->rate);
}

}  // namespace
}  // namespace fl
