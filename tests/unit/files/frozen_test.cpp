// Runs of networks some of whose layers are frozen: what is kept, resumed, shown and refused.
#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "tests/unit/data/data_support.h"
#include "trainer/files/checkpoint.h"
#include "trainer/files/run_folder.h"
#include "trainer/session/classifier.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;

constexpr const char* kScene = R"(
[data]
image_size = 16
phantom_counts = [12, 12]
[network]
layers = [
  {kind = "convolution", channels = 6, name = "first", frozen = true},
  {kind = "batch-norm", name = "norm", frozen = true},
  {kind = "relu"},
  {kind = "max-pool"},
  {kind = "convolution", channels = 6, name = "second"},
  {kind = "relu"},
  {kind = "global-average-pool"},
  {kind = "dense", name = "last"},
]
[train]
epochs = 4
batch_size = 8
threads = 2
[landscape]
grid = 9
)";

RunSpec frozen_spec() {
  const RunSpec defaults;
  return parse_run_spec(toml::parse(kScene), defaults).value();
}

std::vector<float> all_params_of(const Training& training) {
  std::vector<float> params(training.program().layout().all_floats);
  training.program().read_params(params);
  return params;
}

bool frozen_bytes_are_same(const ParamLayout& layout, const std::vector<float>& a,
                           const std::vector<float>& b) {
  return std::equal(a.begin() + static_cast<std::ptrdiff_t>(layout.floats), a.end(),
                    b.begin() + static_cast<std::ptrdiff_t>(layout.floats), b.end());
}

TEST(FrozenRun, KeepsAllItsWeightsAndTheTrainedPartOfItsPath) {
  TrainingSubject subject(make_training(frozen_spec()));
  Training& training = *subject.training();
  const ParamLayout& layout = training.program().layout();
  ASSERT_LT(layout.floats, layout.all_floats);
  const auto start = all_params_of(training);
  while (subject.advance(1) > 0) {
  }
  subject.work(200);
  const auto end = all_params_of(training);
  EXPECT_TRUE(frozen_bytes_are_same(layout, start, end));
  EXPECT_NE(start, end);
  for (const Snapshot& snapshot : subject.landscape().trajectory().snapshots())
    ASSERT_EQ(snapshot.params.size(), layout.floats);
  EXPECT_EQ(subject.landscape().plane()->d1.size(), layout.floats);
  EXPECT_EQ(subject.landscape().plane()->origin.size(), layout.floats);

  // Its file has all of them, and is all that classifying needs.
  const test::TempFolder folder;
  ASSERT_TRUE(write_run_folder(folder / "run", training, training.report(), kScene).ok());
  const auto trained = read_weights(folder / "run" / kWeightsFile);
  ASSERT_TRUE(trained.ok()) << trained.error().message;
  EXPECT_EQ(trained->params, end);
  EXPECT_TRUE(trained->network.layers[0].frozen && trained->network.layers[1].frozen);
  auto classifier = Classifier::open(folder / "run");
  ASSERT_TRUE(classifier.ok()) << classifier.error().message;
  const auto file = test::png_of(test::test_picture(40, 1, 3));
  std::vector<float> input(classifier->input_floats()), probabilities(2), expected(2);
  ASSERT_TRUE(classifier->prepare(file, "image", input));
  ASSERT_TRUE(classifier->classify(input, probabilities));
  training.program().set_guests(*training.prepare(file, "image"));
  training.program().evaluate(std::vector{static_cast<std::int32_t>(training.data().size())}, expected);
  EXPECT_EQ(probabilities, expected);

  // Another seed draws other weights for all, and from there on the frozen ones stay.
  subject.apply(command::Reset{7});
  const auto other = all_params_of(training);
  EXPECT_FALSE(frozen_bytes_are_same(layout, other, end));
  subject.advance(3);
  EXPECT_TRUE(frozen_bytes_are_same(layout, other, all_params_of(training)));
}

TEST(FrozenRun, GoesOnWithTheSameBytes) {
  const RunSpec spec = frozen_spec();
  auto whole = make_training(spec), first = make_training(spec);
  for (int i = 0; i < 5; ++i) first->step();
  const test::TempFolder folder;
  ASSERT_TRUE(write_checkpoint(folder / kCheckpointFile, *first).ok());
  const auto file = read_checkpoint(folder / kCheckpointFile);
  ASSERT_TRUE(file.ok()) << file.error().message;
  auto second = make_training(spec);
  const auto restored = restore_checkpoint(*file, folder / kCheckpointFile, *second);
  ASSERT_TRUE(restored.ok()) << restored.error().message;
  while (whole->step()) {
  }
  while (second->step()) {
  }
  EXPECT_EQ(all_params_of(*second), all_params_of(*whole));
  EXPECT_EQ(second->save().program.optimizer_arrays, whole->save().program.optimizer_arrays);

  // Moments of others, of the very same size.
  RunSpec other = spec;
  for (LayerSpec& layer : other.layers) layer.frozen = false;
  for (const bool none : {true, false}) {
    if (!none) other.layers[4].frozen = other.layers[1].frozen = true;
    auto wrong = make_training(other);
    const auto refused = restore_checkpoint(*file, folder / kCheckpointFile, *wrong);
    ASSERT_FALSE(refused.ok());
    EXPECT_SAYS(refused.error().message, "other layers were frozen, so it belongs to a different network");
  }
}

TEST(FrozenRun, WithNothingToTrainIsRefused) {
  RunSpec spec = frozen_spec();
  for (LayerSpec& layer : spec.layers)
    if (!layer.name.starts_with("relu")) layer.frozen = true;
  const auto made = Training::create(spec, test::small_data(spec).value(), *make_cpu_backend(1));
  ASSERT_FALSE(made.ok());
  EXPECT_EQ(
      made.error().message,
      "All layers with weights are frozen, so there is nothing to train; take \"frozen\" from one of them.");
}

// A frozen norm needs no batch: one value a channel is enough for it.
TEST(FrozenRun, AFrozenNormLearnsFromSingleImages) {
  RunSpec spec = frozen_spec();
  spec.layers = {{.kind = LayerKind::kDense, .name = "dense1", .out_channels = 8},
                 {.kind = LayerKind::kBatchNorm, .name = "norm1"},
                 {.kind = LayerKind::kDense, .name = "dense2", .out_channels = 2}};
  spec.batch_size = 1;
  const auto create = [&] {
    return Training::create(spec, test::small_data(spec).value(), *make_cpu_backend(1));
  };
  EXPECT_FALSE(create().ok());
  spec.layers[1].frozen = true;
  const auto made = create();
  ASSERT_TRUE(made.ok()) << made.error().message;
  EXPECT_TRUE((*made)->step());
}

}  // namespace
}  // namespace fl
