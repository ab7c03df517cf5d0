// A training, its landscape and its thread, as an application drives them.
#include "trainer/run/run.h"
#include "trainer/run/training_subject.h"

#include <chrono>
#include <cmath>
#include <cstring>
#include <filesystem>
#include <functional>
#include <limits>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "tests/support/plain_ring.h"
#include "tests/support/same_slot.h"
#include "tests/support/small_training.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/json.h"
#include "trainer/base/log.h"
#include "trainer/data/standardise.h"
#include "trainer/run/run_folder.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;
using test::PlainRing;
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

// Waits, at most ten seconds, until a published frame satisfies `condition`.
bool wait_for(PlainRing& ring, const std::function<bool(const FrameHeader&)>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < deadline) {
    if (const auto frame = ring.read(); frame && condition(frame->header)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

TEST(Run, ObeysItsCommandsAndLogsThem) {
  fl::Run run(std::make_unique<TrainingSubject>(make_training(small_spec())), 0, false);
  PlainRing ring(run.subject().capacity());
  run.start(ring);
  ASSERT_TRUE(wait_for(
      ring, [](const FrameHeader& h) { return h.state == static_cast<std::uint32_t>(RunState::kReady); }));
  run.post({CommandKind::kStep});
  run.post({CommandKind::kStep});
  ASSERT_TRUE(wait_for(ring, [](const FrameHeader& h) {
    return h.step == 2 && h.state == static_cast<std::uint32_t>(RunState::kPaused);
  }));
  run.post({CommandKind::kSetRate, 0.0005});
  ASSERT_TRUE(wait_for(ring, [](const FrameHeader& h) { return h.rate == 0.0005f; }));
  run.post({CommandKind::kShowImage, 3});
  run.post({CommandKind::kPlay});
  ASSERT_TRUE(wait_for(
      ring, [](const FrameHeader& h) { return h.state == static_cast<std::uint32_t>(RunState::kFinished); }));
  ASSERT_TRUE(wait_for(ring, [](const FrameHeader& h) {
    return h.grid_complete == 17 && h.path_count == 19;
  })) << "the landscape is finished after training has";
  run.post({CommandKind::kPause});
  run.post({CommandKind::kReset, 5});
  ASSERT_TRUE(wait_for(ring, [](const FrameHeader& h) { return h.step == 0 && h.path_count == 1; }));
  run.stop();
  run.stop();
  EXPECT_EQ(run.failure(), "");
  const auto log = run.command_log();
  ASSERT_EQ(log.size(), 7u);
  EXPECT_EQ(log[2].step, 2);
  EXPECT_EQ(log[2].command.kind, CommandKind::kSetRate);
  EXPECT_EQ(log[6].step, 18);
}

TEST(Run, EndsAtOnceWhileTraining) {
  RunSpec spec = small_spec();
  spec.epochs = 100000;
  fl::Run run(std::make_unique<TrainingSubject>(make_training(spec)), 0, true);
  PlainRing ring(run.subject().capacity());
  run.start(ring);
  ASSERT_TRUE(wait_for(ring, [](const FrameHeader& h) { return h.step > 3; }));
  const auto before = std::chrono::steady_clock::now();
  run.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
  EXPECT_GT(run.subject().steps(), 3);
}

TEST(Run, TrainsOnWhenNobodyReads) {
  fl::Run run(std::make_unique<TrainingSubject>(make_training(small_spec())), 0, true);
  PlainRing ring(run.subject().capacity());
  run.start(ring);
  ASSERT_TRUE(wait_for(ring, [](const FrameHeader& h) { return h.step >= 18; }));
  run.stop();
  EXPECT_EQ(run.subject().steps(), 18);
}

// A subject whose steps come in bursts, as on a device; it only counts.
class Bursts final : public Subject {
 public:
  static constexpr std::int64_t kBurst = 64;
  std::int64_t advance(std::int64_t most) override {
    std::this_thread::sleep_for(most * std::chrono::microseconds(100));
    steps_ += most;
    longest = std::max(longest.load(), most);
    return most;
  }
  [[nodiscard]] std::int64_t burst() const override { return kBurst; }
  [[nodiscard]] FrameCapacity capacity() const override { return {.grid_side = 3}; }
  [[nodiscard]] RunState state() const override { return RunState::kTraining; }
  [[nodiscard]] std::int64_t steps() const override { return steps_; }
  [[nodiscard]] std::int64_t total_steps() const override { return 1'000'000; }
  bool work(std::size_t) override { return false; }
  [[nodiscard]] std::size_t points_left() const override { return 0; }
  [[nodiscard]] std::uint64_t version() const override { return 0; }
  void catch_up() override {}
  void apply(const Command&) override {}
  bool publish(FrameSink& sink, RunState state, double) override {
    const auto slot = sink.try_begin_write();
    if (!slot) return false;
    FrameHeader header;
    header.step = static_cast<std::uint32_t>(steps_);
    header.state = static_cast<std::uint32_t>(state);
    sink.publish(*slot, header);
    return true;
  }
  std::atomic<std::int64_t> longest{0};

 private:
  std::int64_t steps_ = 0;
};

TEST(Run, MakesBurstsWherePlayingAndOneStepWhereOneIsAskedFor) {
  auto subject = std::make_unique<Bursts>();
  Bursts& bursts = *subject;
  fl::Run run(std::move(subject), 0, false);
  PlainRing ring(run.subject().capacity());
  run.start(ring);
  for (std::uint32_t step = 1; step <= 3; ++step) {
    run.post({CommandKind::kStep});
    ASSERT_TRUE(wait_for(ring, [&](const FrameHeader& h) { return h.step == step; })) << step;
  }
  EXPECT_EQ(bursts.longest, 1);
  run.post({CommandKind::kPlay});
  ASSERT_TRUE(wait_for(ring, [](const FrameHeader& h) { return h.step > 1000; }));
  run.post({CommandKind::kPause});
  ASSERT_TRUE(wait_for(
      ring, [](const FrameHeader& h) { return h.state == static_cast<std::uint32_t>(RunState::kPaused); }));
  run.stop();
  EXPECT_GT(bursts.longest, 1);
  EXPECT_LE(bursts.longest, Bursts::kBurst);
}

// Bursts end where a snapshot is due, so that path and landscape are those of single steps.
TEST(TrainingSubject, BurstsGiveTheFramesOfSingleSteps) {
  RunSpec spec = small_spec();
  spec.epochs = 12;
  spec.landscape.snapshots = 8;  // every fourth step
  TrainingSubject single(make_training(spec)), burst(make_training(spec));
  PlainRing one(single.capacity()), other(burst.capacity());
  std::int64_t longest = 0;
  while (!burst.over()) {
    longest = std::max(longest, burst.advance(64));
    while (single.steps() < burst.steps()) ASSERT_TRUE(single.step());
    for (TrainingSubject* each : {&single, &burst}) {
      each->work(20);
      each->catch_up();
    }
    ASSERT_TRUE(single.publish(one, single.state(), 0));
    ASSERT_TRUE(burst.publish(other, burst.state(), 0));
    const auto expected = one.read(), actual = other.read();
    test::expect_same(expected->slot, expected->header, actual->slot);
    EXPECT_EQ(single.landscape().trajectory().snapshots().back().arc_length,
              burst.landscape().trajectory().snapshots().back().arc_length);
  }
  EXPECT_EQ(longest, 3) << "an epoch's end is nearer than a snapshot";
  EXPECT_EQ(single.training()->history().csv(), burst.training()->history().csv());
}

TEST(FrameWriter, WritesWhatTheHeaderSays) {
  auto training = make_training(small_spec());
  LandscapeTracker landscape(*training);
  FrameWriter writer(*training, landscape);
  PlainRing ring(writer.capacity());
  for (int i = 0; i < 7; ++i) {
    training->step();
    landscape.after_steps();
  }
  landscape.work(400);
  ASSERT_TRUE(writer.publish(ring, RunState::kTraining, 12.5));
  const auto frame = ring.read();
  ASSERT_TRUE(frame.has_value());
  const FrameHeader& h = frame->header;
  EXPECT_EQ(h.step, 7u);
  EXPECT_EQ(h.steps_per_epoch, 3u);
  EXPECT_EQ(h.step_count, 7u);
  EXPECT_EQ(h.epoch_count, 2u);
  EXPECT_EQ(h.path_count, 8u);
  EXPECT_EQ(h.grid_side, 17u);
  EXPECT_EQ(h.layer_count, writer.layer_names().size());
  EXPECT_EQ(h.class_count, 2u);
  for (std::size_t i = 0; i < 7; ++i)
    EXPECT_FLOAT_EQ(frame->slot.step_losses()[i], static_cast<float>(training->history().steps[i].loss));
  EXPECT_FLOAT_EQ(frame->slot.epochs()[1].test_loss,
                  static_cast<float>(training->history().epochs[1].test_loss));
  EXPECT_EQ(std::memcmp(frame->slot.heights().data(), landscape.surface()->heights().data(), 17 * 17 * 4), 0);
  EXPECT_EQ(std::memcmp(frame->slot.path().data(), landscape.path().data(), 8 * sizeof(PathPoint)), 0);
  // The first layer is the image itself, the last its probabilities.
  auto data = load_dataset(training->spec().data, ".", training->spec().seed);
  ASSERT_TRUE(data.ok());
  apply_standardisation(measure_standardisation(*data, training->split().train), data->shape, data->pixels);
  const auto image = data->image(static_cast<std::size_t>(writer.shown_image()));
  EXPECT_EQ(std::memcmp(frame->slot.features().data() + h.layers[0].offset, image.data(), image.size_bytes()),
            0);
  const FrameLayer& last = h.layers[h.layer_count - 1];
  EXPECT_NEAR(frame->slot.features()[last.offset] + frame->slot.features()[last.offset + 1], 1, 1e-5);
  EXPECT_FLOAT_EQ(h.probabilities[1], frame->slot.features()[last.offset + 1]);
}

// Steps that are good but for what the last one leaves: weights that are numbers and give none.
std::unique_ptr<Training> diverged_by_its_last_step() {
  RunSpec spec = test::linear_spec();
  spec.epochs = 1;
  auto training = make_training(spec);
  while (training->steps() + 1 < training->total_steps()) training->step();
  test::step_too_far(*training);
  return training;
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

TEST(FrameWriter, ShowsNoPredictionOfWhatIsNotANumber) {
  TrainingSubject subject(diverged_by_its_last_step());
  PlainRing ring(subject.capacity());
  ASSERT_TRUE(subject.publish(ring, subject.state(), 0));
  const auto frame = ring.read();
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->header.image_prediction, kNoPrediction);
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
