// What a scene may add to a training: a network of its own, augmentation, balance; and what its report says.
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "tests/support/allocation_count.h"
#include "tests/support/small_training.h"
#include "trainer/base/json.h"
#include "trainer/subjects/landscape/landscape_tracker.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;
using test::small_spec;

RunSpec spec_of(const char* scene) {
  const auto spec = parse_run_spec(toml::parse(scene), small_spec());
  EXPECT_TRUE(spec.ok()) << spec.error().message;
  return *spec;
}

void finish(Training& training) {
  while (training.step()) {
  }
}

TEST(ListedNetwork, TrainsAsTheOneWithTheName) {
  auto listed = make_training(spec_of(R"(
    [network]
    layers = [
      {kind = "convolution", channels = 16}, {kind = "relu"}, {kind = "max-pool"},
      {kind = "convolution", channels = 32}, {kind = "relu"}, {kind = "max-pool"},
      {kind = "convolution", channels = 64}, {kind = "relu"}, {kind = "max-pool"},
      {kind = "convolution", channels = 64}, {kind = "relu"}, {kind = "max-pool"},
      {kind = "global-average-pool"}, {kind = "dense"},
    ])"));
  auto named = make_training(small_spec());
  finish(*listed);
  finish(*named);
  EXPECT_EQ(params_of(*listed), params_of(*named));
  EXPECT_EQ(listed->history().csv(), named->history().csv());
}

TEST(ListedNetwork, ThatDoesNotFitIsASentence) {
  RunSpec spec = spec_of("[network]\nlayers = [{kind = \"max-pool\", kernel = 20}, {kind = \"dense\"}]");
  auto data = load_dataset(spec.data, ".", spec.seed);
  const auto training = Training::create(spec, *std::move(data), *make_cpu_backend(1));
  ASSERT_FALSE(training.ok());
  EXPECT_NE(training.error().message.find("pool1 (line 2)"), std::string::npos) << training.error().message;
}

constexpr const char* kAugmented = "[train]\naugment = {flip = true, rotate = 20, shift = 0.1}";

TEST(Augmentation, SameSeedSameBytesAndOffIsOff) {
  auto first = make_training(spec_of(kAugmented)), second = make_training(spec_of(kAugmented));
  auto plain = make_training(small_spec()), off = make_training(spec_of("[train]\naugment = {rotate = 0}"));
  for (auto* training : {&first, &second, &plain, &off}) finish(**training);
  EXPECT_EQ(params_of(*first), params_of(*second));
  EXPECT_EQ(first->history().csv(), second->history().csv());
  EXPECT_NE(params_of(*first), params_of(*plain));
  EXPECT_EQ(params_of(*off), params_of(*plain));
}

TEST(Augmentation, ResetDrawsTheSameAgain) {
  auto training = make_training(spec_of(kAugmented));
  for (int i = 0; i < 5; ++i) training->step();
  const std::string first = training->history().csv();
  ASSERT_TRUE(training->reset(training->seed()).ok());
  for (int i = 0; i < 5; ++i) training->step();
  EXPECT_EQ(training->history().csv(), first);
}

TEST(Augmentation, WatchingTheLandscapeChangesNothing) {
  auto watched = make_training(spec_of(kAugmented)), alone = make_training(spec_of(kAugmented));
  LandscapeTracker landscape(*watched);
  while (watched->step()) {
    landscape.after_steps();
    landscape.work(7);
  }
  finish(*alone);
  EXPECT_EQ(params_of(*watched), params_of(*alone));
}

TEST(TrainingOptions, AllocateNothingInAStep) {
  const auto allocations = [](const char* scene) {
    auto training = make_training(spec_of(scene));
    const std::vector<std::int32_t> batch(training->split().train.begin(),
                                          training->split().train.begin() + 8);
    training->program().train_step(batch, 1e-3);
    training->program().train_step(batch, 1e-3);
    const test::AllocationWatch watch;
    for (int i = 0; i < 5; ++i) training->program().train_step(batch, 1e-3);
    return watch.count().ours;
  };
  EXPECT_EQ(allocations("[train]\naugment = {flip = true, rotate = 20, shift = 0.1}\nbalance = \"weight\""), 0);
}

TEST(TrainingOptions, AllocateNothingForAnEpochsOrder) {
  const std::vector<std::int32_t> images = {0, 1, 2, 3, 4, 5, 6}, labels = {0, 1, 1, 1, 1, 0, 1};
  BalancedSampler sampler(images, labels, 2);
  std::vector<std::int32_t> order(7);
  const test::AllocationWatch watch;
  for (std::uint32_t epoch = 0; epoch < 4; ++epoch) {
    RandomStream random(1, StreamId::kOrder, epoch);
    sampler.draw(random, order);
  }
  EXPECT_EQ(watch.count().ours, 0);
}

TEST(Balance, OffIsAsBeforeAndEachOtherDiffers) {
  RunSpec spec = small_spec();
  spec.data.phantom_counts = {5, 20};
  std::vector<std::vector<float>> params;
  for (const char* balance : {"off", "sample", "weight"}) {
    spec.balance = balance;
    auto first = make_training(spec), second = make_training(spec);
    finish(*first);
    finish(*second);
    EXPECT_EQ(first->history().csv(), second->history().csv()) << balance;
    params.push_back(params_of(*first));
  }
  EXPECT_NE(params[0], params[1]);
  EXPECT_NE(params[0], params[2]);
  EXPECT_NE(params[1], params[2]);
}

TEST(Balance, EpochsKeepTheirLengthAndTheirFigures) {
  RunSpec spec = small_spec();
  spec.data.phantom_counts = {5, 20};
  for (const char* balance : {"off", "sample", "weight"}) {
    spec.balance = balance;
    auto training = make_training(spec);
    finish(*training);
    EXPECT_EQ(training->split().train.size(), 21u);  // 4 + 17
    EXPECT_EQ(training->steps_per_epoch(), 3);
    const History& history = training->history();
    ASSERT_EQ(history.steps.size(), 18u);
    ASSERT_EQ(history.epochs.size(), 6u);
    for (std::size_t e = 0; e < 6; ++e) {
      double loss = 0, correct = 0;
      for (std::size_t s = 0; s < 3; ++s) {
        loss += history.steps[3 * e + s].loss * (s == 2 ? 5 : 8) / 21;
        correct += history.steps[3 * e + s].accuracy * (s == 2 ? 5 : 8) / 21;
      }
      EXPECT_NEAR(history.epochs[e].loss, loss, 1e-12) << balance;
      EXPECT_NEAR(history.epochs[e].accuracy, correct, 1e-12) << balance;
    }
    double seconds = 0;
    for (const EpochRecord& e : history.epochs) seconds += e.seconds;
    EXPECT_NEAR(training->report().images_per_second, 6 * 21 / seconds, 1e-6 * 6 * 21 / seconds) << balance;
  }
}

// The first loss of a network that starts at zero is log 2 for each image: what is left is its weight.
TEST(Balance, WeightsShowInTheTrainingLossAndNotInTheTestLoss) {
  RunSpec spec = small_spec();
  spec.data.phantom_counts = {5, 20};
  spec.init = "zeros";
  spec.rate = 1e-12;
  spec.epochs = 1;
  spec.balance = "weight";
  auto training = make_training(spec);
  finish(*training);
  const EpochRecord& epoch = training->history().epochs.front();
  EXPECT_NEAR(epoch.loss, std::log(2.0), 1e-5) << "the mean weight over the training set is 1";
  EXPECT_NEAR(epoch.test_loss, std::log(2.0), 1e-5);
  EXPECT_GT(std::abs(training->history().steps.front().loss - std::log(2.0)), 1e-3)
      << "a batch has another mix of classes";
}

// At a rate of next to nothing, the loss of a batch says which images it holds.
TEST(Balance, OnceKeepsTheSameDrawForEveryEpoch) {
  RunSpec spec = small_spec();
  spec.data.phantom_counts = {5, 20};
  spec.rate = 1e-12;
  spec.balance = "sample";
  const auto change_of_first_batch = [&](const char* shuffle) {
    spec.shuffle = shuffle;
    auto training = make_training(spec);
    finish(*training);
    const auto& steps = training->history().steps;
    return std::abs(steps[3].loss - steps[0].loss);
  };
  EXPECT_LT(change_of_first_batch("once"), 1e-6);
  EXPECT_GT(change_of_first_batch("epoch"), 1e-4);
}

TEST(Report, SaysRecallPrecisionAndBalancedAccuracy) {
  Report report;
  report.classes = {"a", "b", "c"};
  report.confusion_matrix = {{1, 3, 0}, {2, 94, 0}, {0, 0, 0}};
  report.accuracy_per_class = {{"a", 1, 4}, {"b", 94, 96}, {"c", 0, 0}};
  EXPECT_DOUBLE_EQ(report.recall(0), 0.25);
  EXPECT_DOUBLE_EQ(report.precision(0), 1.0 / 3);
  EXPECT_DOUBLE_EQ(report.precision(1), 94.0 / 97);
  EXPECT_TRUE(std::isnan(report.recall(2)));
  EXPECT_DOUBLE_EQ(report.balanced_accuracy(), (0.25 + 94.0 / 96) / 2);
  const Json json = Json::parse(report.json()).value();
  EXPECT_DOUBLE_EQ(json["balanced_accuracy"].number().value(), (0.25 + 94.0 / 96) / 2);
  const Json& classes = json["accuracy_per_class"];
  EXPECT_DOUBLE_EQ(classes[0]["accuracy"].number().value(), 0.25);
  EXPECT_DOUBLE_EQ(classes[0]["recall"].number().value(), 0.25);
  EXPECT_DOUBLE_EQ(classes[0]["precision"].number().value(), 1.0 / 3);
  EXPECT_EQ(classes[0]["correct"], 1);
  EXPECT_EQ(classes[0]["samples"], 4);
  EXPECT_TRUE(classes[2]["recall"].is_null());
  EXPECT_TRUE(classes[2]["precision"].is_null());
}

}  // namespace
}  // namespace fl
