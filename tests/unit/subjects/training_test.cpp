// A training and what comes of it: its steps, its divergence, its report, its run folder.
#include "trainer/subjects/training.h"

#include <cmath>
#include <cstring>
#include <filesystem>
#include <limits>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "tests/support/small_training.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/json.h"
#include "trainer/base/log.h"
#include "trainer/files/run_folder.h"

namespace fl {
namespace {

using test::diverged_by_its_last_step;
using test::make_training;
using test::params_of;
using test::small_spec;

TEST(Training, SameSeedSameBytesOtherSeedOtherBytes) {
  RunSpec spec = small_spec();
  auto first = make_training(spec), second = make_training(spec);
  while (first->step()) {
  }
  while (second->step()) {
  }
  EXPECT_EQ(params_of(*first), params_of(*second));
  EXPECT_EQ(first->history().csv(), second->history().csv());
  spec.seed = 2;
  auto third = make_training(spec);
  while (third->step()) {
  }
  EXPECT_NE(params_of(*first), params_of(*third));
}

TEST(Training, EpochFiguresAreImageWeightedMeansOfTheirBatches) {
  auto training = make_training(small_spec());
  while (training->step()) {
  }
  EXPECT_EQ(training->state(), RunState::kFinished);
  EXPECT_FALSE(training->step());
  const History& history = training->history();
  const std::size_t images = training->split().train.size();
  ASSERT_EQ(images, 20u);  // 12 - ceil(0.15 * 12) of each class
  ASSERT_EQ(history.steps.size(), 18u);
  ASSERT_EQ(history.epochs.size(), 6u);
  double sum = 0;
  for (std::size_t s = 0; s < 3; ++s) sum += history.steps[s].loss * (s == 2 ? 4 : 8);
  EXPECT_NEAR(history.epochs[0].loss, sum / 20, 1e-12);
  EXPECT_LT(history.epochs.back().loss, history.epochs.front().loss);
}

TEST(Training, ResetBringsBackTheStart) {
  auto training = make_training(small_spec());
  const auto start = params_of(*training);
  for (int i = 0; i < 5; ++i) training->step();
  const std::string first = training->history().csv();
  ASSERT_TRUE(training->reset(1).ok());
  EXPECT_EQ(training->steps(), 0);
  EXPECT_EQ(params_of(*training), start);
  for (int i = 0; i < 5; ++i) training->step();
  EXPECT_EQ(training->history().csv(), first);
}

TEST(Training, FollowsItsScheduleFromTheBaseRateAsItStands) {
  RunSpec spec = small_spec();
  spec.rate = 1e-3;
  spec.schedule = {.kind = ScheduleKind::kCosine, .warmup_epochs = 1};
  auto training = make_training(spec);
  for (int i = 0; i < 4; ++i) training->step();
  training->set_rate(2e-3);
  while (training->step()) {
  }
  const auto& steps = training->history().steps;
  ASSERT_EQ(steps.size(), 18u);
  EXPECT_DOUBLE_EQ(steps[0].rate, 1e-3 / 3);
  EXPECT_DOUBLE_EQ(steps[2].rate, 1e-3);
  EXPECT_DOUBLE_EQ(steps[3].rate, 1e-3);
  for (std::size_t i = 4; i < 18; ++i)
    EXPECT_DOUBLE_EQ(steps[i].rate,
                     scheduled_rate(spec.schedule, 2e-3, {static_cast<std::int64_t>(i), 18, 3}));
  EXPECT_EQ(training->rate(), 2e-3) << "what the slider shows is the base";
}

TEST(Training, AnotherOptimizerBringsItsDefaultsAndTheScenesOwnComesBack) {
  RunSpec spec = small_spec();
  spec.optimizer.beta2 = 0.99;
  spec.optimizer.weight_decay = 1e-4;
  auto training = make_training(spec);
  training->step();
  training->set_optimizer(OptimizerKind::kQhAdam);
  training->step();
  EXPECT_EQ(training->spec().optimizer.nu1, 0.7);
  EXPECT_EQ(training->spec().optimizer.beta1, 0.995);
  EXPECT_EQ(training->spec().optimizer.weight_decay, 1e-4) << "the scene says so of every optimizer";
  training->set_optimizer(OptimizerKind::kRmsProp);
  training->set_optimizer(OptimizerKind::kAdam);
  EXPECT_EQ(training->spec().optimizer, spec.optimizer);
  training->step();
  EXPECT_TRUE(std::isfinite(training->history().steps.back().loss));
}

TEST(Training, DivergenceIsAStateThatKeepsFiniteWeightsAndHistory) {
  RunSpec spec = small_spec();
  spec.optimizer.kind = OptimizerKind::kGradientDescent;
  spec.rate = 1e6;
  spec.epochs = 50;
  auto training = make_training(spec);
  while (training->step()) {
  }
  EXPECT_EQ(training->state(), RunState::kDiverged);
  EXPECT_FALSE(std::isfinite(training->history().steps.back().loss));
  for (const float w : params_of(*training)) ASSERT_TRUE(std::isfinite(w));
  const Report report = training->report();
  EXPECT_STREQ(report_state(report.state), "diverged");
  EXPECT_TRUE(Json::parse(report.json()));
}

TEST(Training, AnUpdateThatIsNotFiniteIsTakenBack) {
  auto training = make_training(small_spec());
  training->step();
  const auto before = params_of(*training);
  training->set_rate(std::numeric_limits<double>::infinity());
  training->step();
  EXPECT_EQ(training->state(), RunState::kDiverged);
  EXPECT_EQ(params_of(*training), before);
}

TEST(Report, AgreesWithItsOwnConfusionMatrix) {
  auto training = make_training(small_spec());
  while (training->step()) {
  }
  const Json json = Json::parse(training->report().json()).value();
  EXPECT_EQ(json["state"], "finished");
  EXPECT_EQ(json["train_images"], 20);
  EXPECT_EQ(json["test_images"], 4);
  EXPECT_EQ(json["epochs"].array()->size(), 6u);
  int correct = 0, all = 0;
  for (std::size_t t = 0; t < 2; ++t)
    for (std::size_t p = 0; p < 2; ++p) {
      all += static_cast<int>(json["confusion_matrix"][t][p].whole().value());
      if (t == p) correct += static_cast<int>(json["confusion_matrix"][t][p].whole().value());
    }
  EXPECT_EQ(all, 4);
  EXPECT_NEAR(json["epochs"][5]["test_accuracy"].number().value(), correct / 4.0, 1e-9);
  EXPECT_EQ(json["wrong_images"].array()->size(), static_cast<std::size_t>(all - correct));
}

TEST(RunFolder, HoldsWeightsThatReadBackExactly) {
  auto training = make_training(small_spec());
  for (int i = 0; i < 4; ++i) training->step();
  char name[] = "/tmp/fallline-run-XXXXXX";
  const std::filesystem::path folder = mkdtemp(name);
  ASSERT_TRUE(write_run_folder(folder, *training, training->report(), "title = 'x'\n").ok());
  auto bytes = read_file(folder / "weights.safetensors", 1 << 24);
  ASSERT_TRUE(bytes.ok());
  std::uint64_t length = 0;
  std::memcpy(&length, bytes->data(), 8);
  const Json header = Json::parse({reinterpret_cast<const char*>(bytes->data()) + 8, length}).value();
  const auto params = params_of(*training);
  for (const ParamTensor& tensor : training->program().layout().tensors) {
    const auto begin = header[tensor.name]["data_offsets"][0].whole().value();
    const auto end = header[tensor.name]["data_offsets"][1].whole().value();
    ASSERT_EQ(end - begin, tensor.count * 4);
    EXPECT_EQ(std::memcmp(bytes->data() + 8 + length + begin, params.data() + tensor.offset, end - begin), 0);
    EXPECT_EQ(header[tensor.name]["shape"], Json::list(tensor.shape));
  }
  for (const char* file : {"scene.toml", "history.csv", "report.json"})
    EXPECT_TRUE(std::filesystem::exists(folder / file)) << file;
  std::filesystem::remove_all(folder);
}

TEST(Training, NoticesThatItsLastStepWasTooFar) {
  auto training = diverged_by_its_last_step();
  ASSERT_EQ(training->steps(), training->total_steps());
  ASSERT_TRUE(std::isfinite(training->history().steps.back().loss)) << "no loss says it";
  ASSERT_FALSE(training->history().epochs.empty());
  for (const float w : params_of(*training)) ASSERT_TRUE(std::isfinite(w));
  EXPECT_EQ(training->state(), RunState::kDiverged);
  const EpochRecord& epoch = training->history().epochs.back();
  EXPECT_FALSE(std::isfinite(epoch.test_loss));
  EXPECT_TRUE(std::isnan(epoch.test_accuracy)) << "not even 0";
}

TEST(Report, NothingComesOfWhatIsNotANumber) {
  auto training = diverged_by_its_last_step();
  const Report report = training->report();
  EXPECT_STREQ(report_state(report.state), "diverged");
  EXPECT_FALSE(report.has_predictions());
  EXPECT_TRUE(std::isnan(report.balanced_accuracy()));
  const Json json = Json::parse(report.json()).value();
  for (const char* key : {"confusion_matrix", "balanced_accuracy", "wrong_images"})
    EXPECT_TRUE(json[key].is_null()) << key;
  EXPECT_TRUE(json["epochs"][0]["test_accuracy"].is_null());
  ASSERT_EQ(json["accuracy_per_class"].array()->size(), 2u);
  for (const char* key : {"accuracy", "correct", "recall", "precision"})
    EXPECT_TRUE(json["accuracy_per_class"][0][key].is_null()) << key;
  EXPECT_EQ(json["accuracy_per_class"][0]["samples"], 2);
}

// Stopped right behind such a step, before another could notice.
TEST(Report, OfATrainingThatWasStoppedTooLate) {
  auto training = make_training(test::linear_spec());
  test::step_too_far(*training);
  ASSERT_EQ(training->state(), RunState::kTraining);
  const Report report = training->report();
  EXPECT_STREQ(report_state(report.state), "diverged");
  EXPECT_FALSE(report.has_predictions());
}

// Batch norm over one value a channel has nothing to work with.
TEST(Training, BatchNormNeedsMoreThanOneValue) {
  RunSpec spec = small_spec();
  spec.layers = {{.kind = LayerKind::kDense, .name = "dense1", .out_channels = 8},
                 {.kind = LayerKind::kBatchNorm, .name = "norm1"},
                 {.kind = LayerKind::kDense, .name = "dense2", .out_channels = 2}};
  std::vector<std::string> said;
  set_log_sink([&](LogLevel, std::string_view line) { said.emplace_back(line); });
  const auto why = [&](int batch_size) {
    spec.batch_size = batch_size;
    said.clear();
    auto data = load_dataset(spec.data, ".", spec.seed);
    auto training = Training::create(spec, *std::move(data), *make_cpu_backend(1));
    return training ? std::string() : training.error().message;
  };
  EXPECT_NE(why(1).find("make it 2 or more"), std::string::npos);
  for (const int whole : {2, 4, 8}) {  // of 20 images
    EXPECT_EQ(why(whole), "") << whole;
    EXPECT_TRUE(said.empty()) << said.front();
  }
  EXPECT_EQ(why(19), "");
  ASSERT_EQ(said.size(), 1u);
  EXPECT_NE(said[0].find("train.batch_size = 20 avoids that"), std::string::npos) << said[0];
  EXPECT_EQ(why(20), "");
  EXPECT_TRUE(said.empty());
  // With maps of several pixels one image is enough.
  spec.layers.insert(spec.layers.begin(), {.kind = LayerKind::kBatchNorm, .name = "norm0"});
  spec.layers.erase(spec.layers.begin() + 2);
  EXPECT_EQ(why(1), "");
  set_log_sink({});
}

}  // namespace
}  // namespace fl
