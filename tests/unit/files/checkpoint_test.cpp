// Trainings that are stopped and resumed through their file, against such as never stopped.
#include "trainer/files/checkpoint.h"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "tests/unit/data/data_support.h"
#include "trainer/files/run_folder.h"

namespace fl {
namespace {

using test::make_training;
using test::small_spec;

// Three steps an epoch, four epochs.
constexpr int kSteps = 12;

RunSpec hard_spec() {
  RunSpec spec = small_spec();
  spec.epochs = 4;
  spec.network = "ct-resnet";
  spec.dropout = 0.3;
  spec.schedule = {.kind = ScheduleKind::kCosine, .warmup_epochs = 1};
  return spec;
}

void take(Training& training, int steps) {
  for (int i = 0; i < steps; ++i) training.step();
}

void finish(Training& training) {
  while (training.step()) {
  }
}

// A new training of `spec`, restored from `training` through a file.
std::unique_ptr<Training> resumed(const Training& training, const RunSpec& spec) {
  const test::TempFolder folder;
  EXPECT_TRUE(write_checkpoint(folder / kCheckpointFile, training).ok());
  auto file = read_checkpoint(folder / kCheckpointFile);
  EXPECT_TRUE(file.ok()) << file.error().message;
  auto fresh = make_training(spec);
  const auto restored = restore_checkpoint(*file, folder / kCheckpointFile, *fresh);
  EXPECT_TRUE(restored.ok()) << restored.error().message;
  return fresh;
}

std::string report_without_clock(Training& training) {
  Report report = training.report();
  report.images_per_second = 0;
  for (EpochRecord& epoch : report.epochs) epoch.seconds = 0;
  return report.json();
}

void expect_same(Training& a, Training& b) {
  const ProgramState x = a.save().program, y = b.save().program;
  EXPECT_EQ(x.params, y.params);
  EXPECT_EQ(x.statistics, y.statistics);
  EXPECT_EQ(x.optimizer_arrays, y.optimizer_arrays);
  EXPECT_EQ(a.history().csv(), b.history().csv());
  EXPECT_EQ(a.history().class_accuracies, b.history().class_accuracies);
  EXPECT_EQ(report_without_clock(a), report_without_clock(b));
}

// Why a checkpoint of `training`, changed by `change`, does not go on as `spec`.
std::string refusal(const Training& training, const RunSpec& spec,
                    const std::function<void(Safetensors&)>& change = {}) {
  const test::TempFolder folder;
  EXPECT_TRUE(write_checkpoint(folder / kCheckpointFile, training).ok());
  auto file = read_checkpoint(folder / kCheckpointFile);
  if (change) change(*file);
  auto fresh = make_training(spec);
  const auto restored = restore_checkpoint(*file, "run/checkpoint.safetensors", *fresh);
  EXPECT_EQ(fresh->steps(), 0) << "a refused checkpoint leaves the training alone";
  return restored ? std::string() : restored.error().message;
}

class Resume : public testing::TestWithParam<std::string> {};

// Within an epoch, at its end, at both ends of the training; and stopped twice.
TEST_P(Resume, GivesTheBytesOfATrainingThatNeverStopped) {
  RunSpec spec = hard_spec();
  spec.network = "mlp";  // the quickest; batch norms are in the tests below
  spec.optimizer = optimizer_info(*optimizer_by_name(GetParam())).defaults;
  auto whole = make_training(spec);
  finish(*whole);
  ASSERT_EQ(whole->steps(), kSteps);
  for (const int stop : {5, 6}) {
    auto first = make_training(spec);
    take(*first, stop);
    auto second = resumed(*first, spec);
    EXPECT_EQ(second->steps(), stop);
    take(*second, 2);
    auto third = resumed(*second, spec);
    finish(*third);
    EXPECT_EQ(third->state(), RunState::kFinished);
    expect_same(*third, *whole);
  }
}

INSTANTIATE_TEST_SUITE_P(Optimizers, Resume, testing::ValuesIn(optimizer_names()), [](const auto& test) {
  std::string name = test.param;
  std::erase(name, '-');
  return name;
});

TEST(Checkpoint, WorksAtBothEndsAndWithOneOrder) {
  RunSpec spec = hard_spec();
  spec.shuffle = "once";
  auto whole = make_training(spec);
  finish(*whole);
  for (const int stop : {0, 1, kSteps}) {
    auto first = make_training(spec);
    take(*first, stop);
    auto second = resumed(*first, spec);
    EXPECT_EQ(second->state(), stop == 0        ? RunState::kReady
                               : stop == kSteps ? RunState::kFinished
                                                : RunState::kTraining);
    finish(*second);
    expect_same(*second, *whole);
  }
}

TEST(Checkpoint, AFinishedTrainingGoesOnForMoreEpochs) {
  RunSpec spec = hard_spec(), shorter = spec;
  spec.schedule = shorter.schedule = {};  // a cosine is another one over more epochs
  shorter.epochs = 2;
  auto whole = make_training(spec), first = make_training(shorter);
  finish(*whole);
  finish(*first);
  auto second = resumed(*first, spec);
  EXPECT_EQ(second->state(), RunState::kTraining);
  finish(*second);
  expect_same(*second, *whole);
}

TEST(Checkpoint, KeepsWhatWasSetWhileItRan) {
  const RunSpec spec = hard_spec();
  const auto play = [](Training& training) {
    take(training, 2);
    training.set_rate(3e-4);
    training.set_optimizer(OptimizerKind::kQhAdam);
    take(training, 2);
  };
  auto whole = make_training(spec), first = make_training(spec);
  ASSERT_TRUE(whole->reset(5).ok());
  ASSERT_TRUE(first->reset(5).ok());
  play(*whole);
  play(*first);
  auto second = resumed(*first, spec);
  EXPECT_EQ(second->seed(), 5u);
  EXPECT_EQ(second->rate(), 3e-4);
  EXPECT_EQ(second->spec().optimizer, whole->spec().optimizer);
  for (Training* training : {whole.get(), second.get()}) {
    take(*training, 1);
    training->set_optimizer(OptimizerKind::kAdam);  // the scene's own comes back
    finish(*training);
  }
  EXPECT_EQ(second->spec().optimizer, spec.optimizer);
  expect_same(*second, *whole);
}

TEST(Checkpoint, TheScenesLaterWordCounts) {
  const RunSpec spec = hard_spec();
  auto first = make_training(spec);
  take(*first, 4);
  RunSpec slower = spec;
  slower.rate = 1e-5;
  EXPECT_EQ(resumed(*first, slower)->rate(), 1e-5);
  RunSpec decaying = spec;
  decaying.optimizer.weight_decay = 0.1;
  auto same_kind = resumed(*first, decaying);
  EXPECT_EQ(same_kind->spec().optimizer.weight_decay, 0.1);
  EXPECT_EQ(same_kind->save().program.optimizer_arrays, first->save().program.optimizer_arrays);
  RunSpec other = spec;
  other.optimizer = optimizer_info(OptimizerKind::kMomentum).defaults;
  const ProgramState state = resumed(*first, other)->save().program;
  EXPECT_EQ(state.optimizer_arrays, std::vector(1, std::vector(state.params.size(), 0.0f)));
  EXPECT_EQ(state.optimizer_steps, 0);
  EXPECT_EQ(state.updates, 4);
}

TEST(Checkpoint, KeepsDivergenceAndNumbersThatAreNone) {
  RunSpec spec = small_spec();
  spec.optimizer.kind = OptimizerKind::kGradientDescent;
  spec.rate = 1e6;
  auto first = make_training(spec);
  finish(*first);
  ASSERT_EQ(first->state(), RunState::kDiverged);
  auto second = resumed(*first, spec);
  EXPECT_EQ(second->state(), RunState::kDiverged);
  EXPECT_FALSE(second->step());
  expect_same(*second, *first);
  EXPECT_FALSE(std::isfinite(second->history().steps.back().loss));
}

TEST(Checkpoint, OtherDataNetworksAndBatchesAreRefused) {
  const RunSpec spec = small_spec();
  auto training = make_training(spec);
  take(*training, 4);
  const auto with = [&](const std::function<void(RunSpec&)>& change) {
    RunSpec other = spec;
    change(other);
    return refusal(*training, other);
  };
  EXPECT_SAYS(with([](RunSpec& s) { s.network = "mlp"; }), "belongs to a different network");
  EXPECT_SAYS(with([](RunSpec& s) { s.data.channels = 3; }), "1 channel, and the scene now says 16 x 16 pixels and 3 channels");
  EXPECT_SAYS(with([](RunSpec& s) { s.data.image_size = 32; }), "16 x 16 pixels");
  EXPECT_SAYS(with([](RunSpec& s) { s.data.phantom_counts = {13, 12}; }), "had 12 images, and now has 13");
  EXPECT_SAYS(with([](RunSpec& s) { s.data.test_fraction = 0.3; }), "tested on 4");
  EXPECT_SAYS(with([](RunSpec& s) { s.batch_size = 4; }), "train.batch_size = 8");
  EXPECT_SAYS(with([](RunSpec& s) { s.seed = 2; }), "train.seed = 1");
  EXPECT_SAYS(with([](RunSpec& s) { s.epochs = 1; }), "already trained for longer than train.epochs = 1");
  EXPECT_SAYS(with([](RunSpec& s) { s.seed = 2; }), "Cannot resume from run/checkpoint.safetensors: it");
  EXPECT_SAYS(with([](RunSpec& s) { s.data.window.level += 1; }),
              "the images of the classes \"Hemorrhage\", \"Normal\"");
  // Classes are compared before anything that depends on them.
  const auto with_classes = [&](const char* classes) {
    return refusal(*training, spec, [&](Safetensors& file) { file.metadata["classes"] = classes; });
  };
  EXPECT_SAYS(with_classes(R"([["A", 12, 1]])"), R"(on the classes "A", and the data now have "Hemorrhage", "Normal")");
  EXPECT_SAYS(with_classes("3"), "its list of classes is missing or invalid");
  EXPECT_SAYS(with_classes(R"([["A", -1, 1]])"), "its list of classes is missing or invalid");
}

TEST(Checkpoint, FilesThatContradictThemselvesAreRefused) {
  const RunSpec spec = small_spec();
  auto training = make_training(spec);
  take(*training, 4);
  const auto with = [&](const char* key, const char* value) {
    return refusal(*training, spec, [&](Safetensors& file) { file.metadata[key] = value; });
  };
  EXPECT_SAYS(with("rate", "fast"), "its value of rate is missing or invalid");
  EXPECT_SAYS(with("rate", ""), "its value of rate");
  EXPECT_SAYS(with("seed", "-1"), "its value of seed");
  EXPECT_SAYS(with("optimizer", "adm"), "its value of optimizer");
  EXPECT_SAYS(with("diverged", "perhaps"), "its value of diverged");
  EXPECT_SAYS(with("updates", "5"), "contradicts itself");
  EXPECT_SAYS(with("updates", "-1"), "contradicts itself");
  EXPECT_SAYS(with("epoch_images", "-3"), "contradicts itself");
  EXPECT_SAYS(with("epoch_images", "99999999999"), "its value of epoch_images");
  const auto without = [&](const std::string& name) {
    return refusal(*training, spec, [&](Safetensors& file) {
      std::erase_if(file.tensors, [&](const auto& tensor) { return tensor.first == name; });
      file.metadata.erase(name);
    });
  };
  EXPECT_SAYS(without("history.steps"), "it has no history.steps");
  EXPECT_SAYS(without("conv1.weight"), "it has no conv1.weight");
  EXPECT_SAYS(without("optimizer.1"), "it has no optimizer.1");
  EXPECT_SAYS(without("training_seconds"), "its value of training_seconds");
  EXPECT_SAYS(refusal(*training, spec,
                      [](Safetensors& file) {
                        std::erase_if(file.tensors,
                                      [](const auto& t) { return t.first == "history.epochs"; });
                        file.add("history.epochs", {0, 5}, std::span<const double>());
                      }),
              "contradicts itself");
}

TEST(Checkpoint, WeightsAreNoCheckpoint) {
  auto training = make_training(small_spec());
  const test::TempFolder folder;
  ASSERT_TRUE(write_run_folder(folder.path(), *training, training->report(), "title = 'x'\n").ok());
  EXPECT_SAYS(read_checkpoint(folder / "weights.safetensors").error().message,
              "is not a checkpoint to resume from");
  EXPECT_SAYS(read_checkpoint(folder / "history.csv").error().message, "history.csv is not a valid safetensors file");
  EXPECT_TRUE(read_checkpoint(folder / kCheckpointFile).ok());
}

TEST(CheckpointTimer, WritesAtEpochEndsAndChangesNothing) {
  const RunSpec spec = hard_spec();
  auto watched = make_training(spec), alone = make_training(spec);
  finish(*alone);
  const test::TempFolder folder;
  CheckpointTimer each(folder / "each", std::chrono::seconds(0)),
      once(folder / "once", std::chrono::hours(1));
  int steps = 0;
  while (watched->step()) {
    ++steps;
    ASSERT_TRUE(each.after_step(*watched).ok());
    ASSERT_TRUE(once.after_step(*watched).ok());
    EXPECT_EQ(std::filesystem::exists(folder / "each"), steps >= 3);
  }
  expect_same(*watched, *alone);
  const auto steps_in = [&](const char* name) {
    const auto file = read_checkpoint(folder / name);
    return file->read_table("history.steps", 5)->size() / 5;
  };
  EXPECT_EQ(steps_in("each"), 12u);
  EXPECT_EQ(steps_in("once"), 3u) << "the first end of an epoch, and then not for an hour";
  std::filesystem::create_directories(folder / "taken");
  CheckpointTimer blocked(folder / "taken", std::chrono::seconds(0));
  EXPECT_FALSE(blocked.after_step(*watched).ok());
}

// The rate that led there is what to stay below, whatever the scene says by now.
TEST(Checkpoint, ADivergenceKeepsItsRate) {
  RunSpec spec = small_spec();
  spec.optimizer.kind = OptimizerKind::kGradientDescent;
  spec.rate = 1e6;
  auto first = make_training(spec);
  finish(*first);
  ASSERT_EQ(first->state(), RunState::kDiverged);
  spec.rate = 1e-3;
  EXPECT_EQ(resumed(*first, spec)->rate(), 1e6);
}

TEST(Checkpoint, ALastStepThatWasTooFarIsNoticedFromTheWeights) {
  const RunSpec spec = test::linear_spec();
  auto first = make_training(spec);
  while (first->steps() + 1 < first->total_steps()) first->step();
  test::step_too_far(*first);
  ASSERT_EQ(first->state(), RunState::kDiverged);
  TrainingState state = first->save();
  state.diverged = false;  // as an earlier version wrote it
  auto second = make_training(spec);
  second->restore(state);
  EXPECT_EQ(second->state(), RunState::kDiverged);
}

}  // namespace
}  // namespace fl
