// A training's landscape, its thread and the frames it publishes, as an application drives them.
#include "trainer/session/session.h"

#include <chrono>
#include <cstring>
#include <functional>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/same_slot.h"
#include "tests/support/small_training.h"
#include "tests/unit/data/data_support.h"
#include "trainer/data/standardise.h"
#include "trainer/subjects/descents/descents.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;
using test::PlainRing;
using test::small_spec;

// Waits, at most ten seconds, until a published frame satisfies `condition`.
bool wait_for(PlainRing& ring, const std::function<bool(const Frame&)>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (std::chrono::steady_clock::now() < deadline) {
    if (const auto frame = ring.read(); frame && condition(*frame)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

std::vector<SessionEvent> commands_of(const Session& session) {
  std::vector<SessionEvent> commands;
  for (const SessionEvent& event : session.file().events)
    if (std::holds_alternative<Command>(event.what)) commands.push_back(event);
  return commands;
}

TEST(Session, ObeysItsCommandsAndLogsThem) {
  Session session({.subject = std::make_unique<TrainingSubject>(make_training(small_spec()))});
  PlainRing ring(session.subject().capacity());
  session.start(ring);
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.state == RunState::kReady; }));
  session.post(command::Step{});
  session.post(command::Step{});
  ASSERT_TRUE(
      wait_for(ring, [](const Frame& h) { return h.facts.step == 2 && h.facts.state == RunState::kPaused; }));
  session.post(command::SetRate{0.0005});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.rate == 0.0005f; }));
  session.post(command::ShowImage{3});
  session.post(command::Play{});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.state == RunState::kFinished; }));
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) {
    return h.facts.grid_finished && h.header.path_count == 19;
  })) << "the landscape is finished after training has";
  session.post(command::Pause{});
  session.post(command::Reset{5});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step == 0 && h.header.path_count == 1; }));
  session.stop();
  session.stop();
  EXPECT_EQ(session.status()->failure, "");
  const auto log = commands_of(session);
  ASSERT_EQ(log.size(), 7u);
  EXPECT_EQ(log[2].step, 2);
  EXPECT_EQ(std::get<Command>(log[2].what), Command(command::SetRate{0.0005}));
  EXPECT_EQ(log[6].step, 18);
}

TEST(Session, ShowsAFileWhileItTrains) {
  Session session(
      {.subject = std::make_unique<TrainingSubject>(make_training(small_spec())), .playing = true});
  PlainRing ring(session.subject().capacity());
  session.start(ring);
  const auto command = session.show_file(test::png_of(test::test_picture(30, 1, 3)), "scan.png");
  ASSERT_TRUE(command.ok()) << command.error().message;
  session.post(*command);
  EXPECT_TRUE(wait_for(ring, [](const Frame& h) { return h.header.image_label == kNoLabel; }));
  const auto broken = session.show_file(test::bytes_of("no image"), "notes.txt");
  ASSERT_FALSE(broken.ok());
  EXPECT_TRUE(broken.error().message.starts_with("notes.txt")) << broken.error().message;
  session.stop();
  const auto log = commands_of(session);
  ASSERT_EQ(log.size(), 1u);
  EXPECT_EQ(std::get<Command>(log[0].what), command::show_pixels({"scan.png"})) << "without its pixels";
}

TEST(Session, HasNoNetworkToShowAFileToWhereNoneIsTrained) {
  const Session session({.subject = std::make_unique<Descents>(
                             DescentsSpec{.surface = "global-minimum", .optimizers = {"adam"}})});
  const auto command = session.show_file(test::png_of(test::test_picture(30, 1, 3)), "scan.png");
  ASSERT_FALSE(command.ok());
  EXPECT_EQ(command.error().message,
            "scan.png cannot be shown: this lesson trains no network; open one with images.");
}

TEST(Session, SaysAtOnceWhatItWasAskedForAndTheRestOnceItIsSo) {
  Session session({.subject = std::make_unique<TrainingSubject>(make_training(small_spec())),
                   .device = "CPU",
                   .pace = 3});
  const auto before = session.status();
  EXPECT_FALSE(before->playing);
  EXPECT_EQ(before->pace, 3);
  EXPECT_EQ(before->optimizer, OptimizerKind::kAdam);
  EXPECT_EQ(before->seed, 1u);
  EXPECT_EQ(before->total_steps, 18);
  EXPECT_EQ(before->device, "CPU");
  // Nothing applies them yet.
  session.post(command::SetOptimizer{OptimizerKind::kMomentum});
  session.post(command::Reset{7});
  session.post(command::SetRate{0.0005});
  session.post(command::SetPace{0});
  session.post(command::Play{});
  const auto asked = session.status();
  EXPECT_TRUE(asked->playing);
  EXPECT_EQ(asked->pace, 0);
  EXPECT_EQ(asked->optimizer, OptimizerKind::kMomentum);
  EXPECT_EQ(asked->seed, 7u);
  EXPECT_NE(asked->rate, 0.0005) << "the rate is the session's own";
  EXPECT_FALSE(before->playing) << "a snapshot stays as it is";
  PlainRing ring(session.subject().capacity());
  session.start(ring);
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.state == RunState::kFinished; }));
  session.stop();
  const auto after = session.status();
  EXPECT_EQ(after->state, RunState::kFinished);
  EXPECT_TRUE(after->over());
  EXPECT_EQ(after->step, 18);
  EXPECT_EQ(after->epoch, 6);
  EXPECT_EQ(after->rate, 0.0005);
  EXPECT_EQ(session.subject().facts().seed, 7u);
  EXPECT_EQ(session.subject().facts().optimizer, OptimizerKind::kMomentum);
}

TEST(Session, MakesAsManyStepsAsOneCommandSays) {
  Session session({.subject = std::make_unique<TrainingSubject>(make_training(small_spec()))});
  PlainRing ring(session.subject().capacity());
  session.start(ring);
  session.post(command::Step{5});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step == 5; }));
  session.post(command::Step{});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step == 6; }));
  session.stop();
  EXPECT_EQ(session.subject().steps(), 6);
  const auto log = commands_of(session);
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(std::get<Command>(log[0].what), Command(command::Step{5}));
  EXPECT_EQ(log[1].step, 5);
  EXPECT_GT(log[1].seconds, log[0].seconds);
}

TEST(Session, EndsAtOnceWhileTraining) {
  RunSpec spec = small_spec();
  spec.epochs = 100000;
  Session session({.subject = std::make_unique<TrainingSubject>(make_training(spec)), .playing = true});
  PlainRing ring(session.subject().capacity());
  session.start(ring);
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step > 3; }));
  const auto before = std::chrono::steady_clock::now();
  session.stop();
  EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(5));
  EXPECT_GT(session.subject().steps(), 3);
}

TEST(Session, TrainsOnAlthoughAPictureOfItsProcessorNeverEnds) {
  Session session(
      {.subject = std::make_unique<TrainingSubject>(make_training(small_spec())), .playing = true});
  session.governor()->set_shares(shared_processor(0.5, Urgent::kNothing));
  session.governor()->begin_picture(Governor::Clock::now());  // its renderer hangs
  PlainRing ring(session.subject().capacity());
  session.start(ring);
  EXPECT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step > 2; }));
  session.governor()->end_picture(Governor::Clock::now());
  EXPECT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.state == RunState::kFinished; }));
  session.stop();
}

TEST(Session, TrainsOnWhenNobodyReads) {
  Session session(
      {.subject = std::make_unique<TrainingSubject>(make_training(small_spec())), .playing = true});
  PlainRing ring(session.subject().capacity());
  session.start(ring);
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step >= 18; }));
  session.stop();
  EXPECT_EQ(session.subject().steps(), 18);
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
  [[nodiscard]] SubjectFacts facts() override { return {}; }
  bool work(std::size_t) override { return false; }
  [[nodiscard]] std::size_t points_left() const override { return 0; }
  [[nodiscard]] std::uint64_t version() const override { return 0; }
  void catch_up() override {}
  void complete_path() override {}
  void apply(const Command&) override {}
  bool publish(FrameSink& sink, RunState state, double) override {
    const auto slot = sink.try_begin_write();
    if (!slot) return false;
    Frame frame;
    frame.facts.step = static_cast<std::uint32_t>(steps_);
    frame.facts.state = state;
    sink.publish(*slot, frame);
    return true;
  }
  std::atomic<std::int64_t> longest{0};

 private:
  std::int64_t steps_ = 0;
};

TEST(Session, MakesBurstsWherePlayingAndOneStepWhereOneIsAskedFor) {
  auto subject = std::make_unique<Bursts>();
  Bursts& bursts = *subject;
  Session session({.subject = std::move(subject)});
  PlainRing ring(session.subject().capacity());
  session.start(ring);
  for (std::uint32_t step = 1; step <= 3; ++step) {
    session.post(command::Step{});
    ASSERT_TRUE(wait_for(ring, [&](const Frame& h) { return h.facts.step == step; })) << step;
  }
  EXPECT_EQ(bursts.longest, 1);
  session.post(command::Play{});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.step > 1000; }));
  session.post(command::Pause{});
  ASSERT_TRUE(wait_for(ring, [](const Frame& h) { return h.facts.state == RunState::kPaused; }));
  session.stop();
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
    test::expect_same(expected->slot, *expected, actual->slot);
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
  const Frame& h = *frame;
  EXPECT_EQ(h.facts.step, 7u);
  EXPECT_EQ(h.header.steps_per_epoch, 3u);
  EXPECT_EQ(h.facts.step_count, 7u);
  EXPECT_EQ(h.facts.epoch_count, 2u);
  EXPECT_EQ(h.header.path_count, 8u);
  EXPECT_EQ(h.facts.grid_side, 17u);
  EXPECT_EQ(h.facts.layer_count, writer.layer_names().size());
  EXPECT_EQ(h.facts.class_count, 2u);
  for (std::size_t i = 0; i < 7; ++i)
    EXPECT_FLOAT_EQ(frame->slot.steps()[i].loss, static_cast<float>(training->history().steps[i].loss));
  EXPECT_FLOAT_EQ(frame->slot.epochs()[1].test_loss,
                  static_cast<float>(training->history().epochs[1].test_loss));
  EXPECT_EQ(std::memcmp(frame->slot.heights().data(), landscape.surface()->heights().data(), 17 * 17 * 4), 0);
  EXPECT_EQ(std::memcmp(frame->slot.path().data(), landscape.path().data(), 8 * sizeof(PathPoint)), 0);
  // The first layer is the image itself, the last its probabilities.
  auto data = load_dataset(training->spec().data, ".", training->spec().seed);
  ASSERT_TRUE(data.ok());
  apply_standardisation(measure_standardisation(*data, training->split().train), data->shape, data->pixels);
  const auto image = data->image(static_cast<std::size_t>(writer.shown_image()));
  EXPECT_EQ(std::memcmp(frame->slot.features().data() + h.header.layers[0].offset, image.data(),
                        image.size_bytes()),
            0);
  const FrameLayer& last = h.header.layers[h.facts.layer_count - 1];
  EXPECT_NEAR(frame->slot.features()[last.offset] + frame->slot.features()[last.offset + 1], 1, 1e-5);
  EXPECT_FLOAT_EQ(h.header.probabilities[1], frame->slot.features()[last.offset + 1]);
}

// One image of the data set, by its index and as one from outside.
TEST(FrameWriter, ShowsAnImageFromOutsideAsItsLikeInTheDataSet) {
  TrainingSubject subject(make_training(small_spec()));
  Training& training = *subject.training();
  training.step();
  auto data = *test::small_data(training.spec());
  apply_standardisation(training.standardisation(), data.shape, data.pixels);
  const auto pixels = [&](std::size_t image) {
    return std::vector<float>(data.image(image).begin(), data.image(image).end());
  };
  PlainRing ring(subject.capacity());
  struct Shown {
    FrameHeader header;
    std::vector<float> features;
    bool operator==(const Shown& other) const {
      return features == other.features && header.probabilities == other.header.probabilities &&
             header.image_prediction == other.header.image_prediction;
    }
  };
  const auto shown = [&](const Command& command) {
    subject.apply(command);
    EXPECT_TRUE(subject.publish(ring, subject.state(), 0));
    const auto frame = ring.read();
    return Shown{frame->header, {frame->slot.features().begin(), frame->slot.features().end()}};
  };
  const Shown own = shown(command::ShowImage{3}), other = shown(command::ShowImage{20});
  const Shown guest = shown(command::show_pixels({"a", pixels(3)}));
  EXPECT_TRUE(guest == own);
  EXPECT_FALSE(own == other);
  EXPECT_EQ(guest.header.image_label, kNoLabel);
  EXPECT_EQ(own.header.image_label, static_cast<std::uint32_t>(data.labels[3]));
  EXPECT_TRUE(shown(command::show_pixels({"b", pixels(20)})) == other) << "the next one in its place";

  // What cannot be shown leaves it there.
  const auto refused = [&](std::vector<float> bad, const char* sentence) {
    const test::LogCapture log;
    const Shown still = shown(command::show_pixels({"bad.png", std::move(bad)}));
    EXPECT_TRUE(still == other);
    EXPECT_EQ(still.header.image_label, kNoLabel);
    EXPECT_EQ(log.count(sentence), 1);
  };
  refused({}, "bad.png has 0 values, and the network takes 256 (16 x 16, channels: 1)");
  refused(std::vector<float>(3, 0.0f), "bad.png has 3 values, and the network takes 256");
  std::vector<float> hole = pixels(3);
  hole[100] = std::nanf("");
  refused(hole, "bad.png has pixels that are not numbers");
  hole[100] = std::numeric_limits<float>::infinity();
  refused(hole, "bad.png has pixels that are not numbers");

  training.step();
  EXPECT_FALSE(shown(command::Play{}) == other) << "by the weights as they are now";
  const Shown back = shown(command::ShowImage{3});
  EXPECT_EQ(back.header.image_label, static_cast<std::uint32_t>(data.labels[3]));
  EXPECT_TRUE(shown(command::show_pixels({"a", pixels(3)})) == back);
}

TEST(FrameWriter, ShowsNoPredictionOfWhatIsNotANumber) {
  TrainingSubject subject(test::diverged_by_its_last_step());
  PlainRing ring(subject.capacity());
  ASSERT_TRUE(subject.publish(ring, subject.state(), 0));
  const auto frame = ring.read();
  ASSERT_TRUE(frame.has_value());
  EXPECT_EQ(frame->header.image_prediction, kNoPrediction);
}

}  // namespace
}  // namespace fl
