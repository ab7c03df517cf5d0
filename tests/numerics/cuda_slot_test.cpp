// Slots that the CUDA backend's writer fills on a device made of host memory, beside the host's: the same
// bytes at every state that a run can be in.
#include "tests/support/plain_ring.h"
#include "tests/support/same_slot.h"
#include "tests/support/small_training.h"
#include "tests/support/subject_backend.h"
#include "trainer/compute/cuda/device.h"
#include "trainer/subjects/frame_writer.h"

namespace fl::test {
namespace {

// A convolution that the device of host memory does quickly, and all that a frame shows.
RunSpec quick_spec() {
  RunSpec spec = small_spec();
  spec.layers = {{.kind = LayerKind::kConvolution,
                  .name = "conv",
                  .out_channels = 3,
                  .kernel = 3,
                  .stride = 4,
                  .output = "conv"},
                 {.kind = LayerKind::kRelu, .name = "relu"},
                 {.kind = LayerKind::kGlobalAveragePool, .name = "mean"},
                 {.kind = LayerKind::kDense, .name = "classes", .out_channels = 2}};
  return spec;
}

class CudaSlots : public ::testing::Test {
 protected:
  void make(const RunSpec& spec, const SubjectOptions& options = {}) {
    auto data = small_data(spec);
    ASSERT_TRUE(data.ok()) << data.error().message;
    make(spec, *std::move(data), options);
  }
  void make(const RunSpec& spec, Dataset data, const SubjectOptions& options = {}) {
    auto training = Training::create(spec, std::move(data), std::make_shared<SubjectBackend>(options));
    ASSERT_TRUE(training.ok()) << training.error().message;
    training_ = *std::move(training);
    training_->use_device_slots();
    kept_steps_ = options.kept_steps;
    watch();
  }
  // As a training that was restored is shown from the beginning.
  void watch() {
    landscape_.emplace(*training_);
    writer_.emplace(*training_, *landscape_);
    on_host_.emplace(writer_->capacity());
    on_device_.emplace(writer_->capacity(), stream_.handle());
  }
  void train(std::int64_t steps) {
    for (std::int64_t s = 0; s < steps && training_->step(); ++s) landscape_->after_steps();
  }
  void train_whole_bursts() {
    while (training_->advance(training_->burst()) > 0) landscape_->after_steps();
    landscape_->catch_up();
  }
  void reset(std::uint64_t seed) {
    ASSERT_TRUE(training_->reset(seed));
    landscape_->reset();
  }
  // Work on the landscape until another plane is shown.
  void change_plane() {
    const std::uint32_t before = landscape_->plane_number();
    while (landscape_->plane_number() == before && (landscape_->work(8) || !training_->over())) train(1);
    ASSERT_NE(landscape_->plane_number(), before);
  }
  // Leaves the frame in its queue.
  void publish() {
    ASSERT_TRUE(writer_->publish(*on_host_, training_->state(), 0));
    const std::uint64_t before = bytes_from_host();
    ASSERT_TRUE(writer_->publish(*on_device_, training_->state(), 0));
    from_host_ = bytes_from_host() - before;
  }
  [[nodiscard]] std::uint64_t bytes_from_host() const {
    return training_->program().slot_writer()->bytes_from_host();
  }
  void compare() {
    stream_.synchronize();
    const auto host = on_host_->read(), device = on_device_->read();
    ASSERT_TRUE(host && device);
    expect_same(host->slot, *host, device->slot);
    last_ = *host;
    EXPECT_EQ(from_host_, allowed_from_host());
  }
  // The header, the rates and the accuracies by class, which are the host's, and, where it is asked for, the
  // heat, one small map; of a run longer than what the device keeps the curve of its steps, too.
  [[nodiscard]] std::uint64_t allowed_from_host() const {
    const bool short_ring = std::uint64_t{last_.facts.step_count} * last_.header.step_stride > kept_steps_;
    const std::size_t heat = std::size_t{last_.header.heat_width} * last_.header.heat_height;
    const std::size_t classes = std::size_t{last_.facts.class_points} * last_.facts.curve_classes;
    return sizeof(FrameHeader) + (heat + last_.facts.step_count + classes) * sizeof(float) +
           (short_ring ? last_.facts.step_count * sizeof(StepPoint) : 0);
  }
  void publish_and_compare(const char* state) {
    SCOPED_TRACE(state);
    publish();
    compare();
  }

  std::unique_ptr<Training> training_;
  std::optional<LandscapeTracker> landscape_;
  std::optional<FrameWriter> writer_;
  cuda::Stream stream_;  // the ring's
  std::optional<PlainRing> on_host_, on_device_;
  Frame last_;
  std::size_t kept_steps_ = 0;
  std::uint64_t from_host_ = 0;  // of the last frame's bytes
};

TEST_F(CudaSlots, AreTheHostsAtEveryStateOfARun) {
  RunSpec spec = quick_spec();
  spec.landscape.surfaces = SurfaceSets::kBoth;
  make(spec);
  publish_and_compare("start");
  train(1);
  publish_and_compare("mid-epoch");
  landscape_->work(40);
  train(3);
  publish_and_compare("in the second epoch");
  change_plane();
  publish_and_compare("after a plane change");
  const TrainingState saved = training_->save();
  reset(11);
  publish_and_compare("after a reset");
  EXPECT_EQ(last_.facts.step_count, 0u);
  train(2);
  landscape_->work(100);
  publish_and_compare("after a reset and two steps");
  EXPECT_EQ(last_.facts.step_count, 2u);
  training_->restore(saved);
  watch();
  publish_and_compare("restored");
  EXPECT_EQ(last_.facts.step_count, saved.history.steps.size());
  train(1000);
  while (landscape_->work(100)) {
  }
  publish_and_compare("finished");
  EXPECT_GT(last_.facts.test_evaluated, 0u);
}

// The path is thinned, and its newest point replaced: what the device forgets is what the host does.
TEST_F(CudaSlots, APathThatIsThinned) {
  RunSpec spec = quick_spec();
  spec.landscape.snapshots = 8;
  spec.epochs = 12;
  make(spec);
  std::uint32_t longest = 0, shortest = 8;
  for (int turn = 0; !training_->over(); ++turn) {
    train(1);
    if (turn % 3 == 0) landscape_->catch_up();
    landscape_->work(20);
    publish_and_compare("on the way");
    longest = std::max(longest, last_.header.path_count);
    if (longest == 8) shortest = std::min(shortest, last_.header.path_count);
  }
  EXPECT_EQ(longest, 8u);
  EXPECT_LT(shortest, 8u);
}

// The picture is late: it is brought into its slot after the training has gone on, was reset and has gone on
// again.
TEST_F(CudaSlots, WhatComesLaterIsNotInThem) {
  make(quick_spec());
  train(4);
  landscape_->work(100);
  publish();
  train(3);
  landscape_->work(200);
  reset(5);
  train(5);
  landscape_->work(100);
  compare();
}

TEST_F(CudaSlots, BurstsAndADivergenceInOne) {
  RunSpec spec = quick_spec();
  make(spec);
  train_whole_bursts();
  publish_and_compare("bursts");
  EXPECT_EQ(last_.facts.step_count, static_cast<std::uint32_t>(training_->total_steps()));
  spec.optimizer.kind = OptimizerKind::kGradientDescent;
  spec.rate = 1e6;
  make(spec);
  train_whole_bursts();
  ASSERT_EQ(training_->state(), RunState::kDiverged);
  publish_and_compare("diverged");
}

TEST_F(CudaSlots, ALastStepThatIsTooFarAndGivesNoPrediction) {
  RunSpec spec = linear_spec();
  spec.epochs = 1;
  make(spec);
  train(training_->total_steps() - 1);
  step_too_far(*training_);
  landscape_->after_steps();
  ASSERT_EQ(training_->state(), RunState::kDiverged);
  publish_and_compare("diverged by its last step");
  EXPECT_EQ(last_.header.image_prediction, kNoPrediction);
  EXPECT_EQ(last_.facts.epoch_count, 1u);
}

// More classes than are shown: both find the same ones.
TEST_F(CudaSlots, OfManyClassesTheMostProbable) {
  RunSpec spec = quick_spec();
  spec.epochs = 2;
  spec.layers.clear();
  spec.network = "mlp";
  spec.data.channels = 1;
  constexpr int kClasses = 40;
  Dataset data;
  data.shape = spec.data.shape();
  for (int c = 0; c < kClasses; ++c) {
    data.classes.push_back(fmt::format("class {}", c));
    for (int i = 0; i < 3; ++i) {
      data.labels.push_back(c);
      data.names.push_back(fmt::format("{}/{}", c, i));
      for (std::size_t p = 0; p < data.shape.floats(); ++p)
        data.pixels.push_back(static_cast<float>((p * static_cast<std::size_t>(c + 1)) % 7) / 7);
    }
  }
  make(spec, std::move(data));
  publish_and_compare("start");
  EXPECT_EQ(last_.facts.class_count, 40u);
  while (training_->step()) {
    landscape_->after_steps();
    publish_and_compare("on the way");
    EXPECT_EQ(last_.header.shown_classes[0], last_.header.image_prediction);
    EXPECT_NE(std::ranges::find(last_.header.shown_classes, last_.header.image_label), last_.header.shown_classes.end());
  }
}

TEST_F(CudaSlots, AnImageFromOutside) {
  make(quick_spec());
  train(2);
  const std::size_t floats = training_->data().shape.floats();
  std::vector<float> ramp(floats);
  for (std::size_t i = 0; i < floats; ++i) ramp[i] = static_cast<float>(i) / static_cast<float>(floats);
  writer_->show_heat({.on = true, .of = 1});
  writer_->show_pixels(ramp);
  publish_and_compare("a guest");
  EXPECT_GT(last_.header.heat_width, 0U);
  EXPECT_EQ(last_.header.image_label, kNoLabel);
  const auto seen = last_.header.probabilities;
  train(1);
  publish_and_compare("after a step");
  EXPECT_NE(last_.header.probabilities, seen);
  writer_->show_pixels(std::vector<float>(floats, -1.0f));
  publish_and_compare("another in its place");
  writer_->show_image(2);
  publish_and_compare("one of the data set again");
  EXPECT_EQ(last_.header.image_label, static_cast<std::uint32_t>(training_->data().labels[2]));
}

TEST_F(CudaSlots, APathOfTheTrainedParameters) {
  RunSpec spec = quick_spec();
  spec.layers[0].frozen = true;
  make(spec);
  train(3);
  publish_and_compare("on the way");
  change_plane();
  publish_and_compare("after a plane change");
  EXPECT_EQ(landscape_->plane()->d1.size(), training_->program().layout().floats);
}

// A ring of ten steps: it serves the first ten, the host the others; and its turns leave no trace.
TEST_F(CudaSlots, ARingThatIsTooShort) {
  RunSpec spec = quick_spec();
  spec.epochs = 40;
  make(spec, {.kept_steps = 10});
  while (training_->advance(2) > 0) {
    landscape_->after_steps();
    publish_and_compare("on the way");
  }
  EXPECT_EQ(last_.facts.step_count, static_cast<std::uint32_t>(training_->total_steps()));
  const TrainingState saved = training_->save();
  reset(3);
  train(10);
  publish_and_compare("the last that the ring serves");
  training_->restore(saved);
  watch();
  publish_and_compare("restored with more than the ring has");
}

}  // namespace
}  // namespace fl::test
