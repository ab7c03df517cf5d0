// What a slot has of the curves: thinned evenly where it has no room for all, with holes where nothing is a
// number, and the earlier runs of the lesson.

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "trainer/publish/host_slot_writer.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;
using test::PlainRing;
using test::small_spec;

RunSpec quick_spec() {
  RunSpec spec = small_spec();
  spec.data.test_fraction = 0.5;
  spec.network = "mlp";
  spec.landscape.grid = 9;
  spec.epochs = 4;
  return spec;
}

PlainRing::Read publish(TrainingSubject& subject, PlainRing& ring) {
  EXPECT_TRUE(subject.publish(ring, subject.state(), 0));
  return *ring.read();
}

void finish(TrainingSubject& subject) {
  while (subject.step()) {
  }
}

TEST(CurveWriter, TheSlotHasWhatTheHistoryHas) {
  TrainingSubject subject(make_training(quick_spec()));
  PlainRing ring(subject.capacity());
  finish(subject);
  const PlainRing::Read frame = publish(subject, ring);
  const History& history = subject.training()->history();
  const FrameFacts& facts = frame.facts;
  ASSERT_EQ(facts.step_count, history.steps.size());
  float largest = 0;
  for (std::size_t i = 0; i < history.steps.size(); ++i) {
    EXPECT_EQ(frame.slot.steps()[i].loss, static_cast<float>(history.steps[i].loss));
    EXPECT_EQ(frame.slot.steps()[i].gradient_norm, static_cast<float>(history.steps[i].gradient_norm));
    EXPECT_EQ(frame.slot.steps()[i].update_norm, static_cast<float>(history.steps[i].update_norm));
    EXPECT_EQ(frame.slot.step_rates()[i], static_cast<float>(history.steps[i].rate));
    largest = std::max(largest, frame.slot.steps()[i].gradient_norm);
  }
  EXPECT_EQ(facts.gradient_norms.most, largest);
  EXPECT_GT(facts.update_norms.least, 0);
  EXPECT_EQ(facts.rates.least, facts.rates.most) << "the schedule is constant";
  // By class, as the report counts them.
  ASSERT_EQ(facts.curve_classes, 2U);
  ASSERT_EQ(facts.class_points, 4U);
  const auto figures = subject.training()->test_figures();
  for (std::size_t c = 0; c < 2; ++c) {
    const ClassAccuracy& one = figures->accuracy_per_class[c];
    const float share = static_cast<float>(one.correct) / static_cast<float>(one.samples);
    EXPECT_EQ(frame.slot.class_accuracies()[3 * 2 + c], share);
    EXPECT_EQ(facts.class_accuracy.at(c), share);
  }
  EXPECT_EQ(facts.earlier_count, 0U);
}

TEST(CurveWriter, ALongHistoryIsThinnedEvenlyAndStaysWithinTheSlot) {
  TrainingSubject subject(make_training(quick_spec()));
  FrameCapacity small = subject.capacity();
  small.step_points = 3;
  small.class_points = 3;
  PlainRing ring(small);
  finish(subject);
  const PlainRing::Read frame = publish(subject, ring);
  const History& history = subject.training()->history();
  const auto steps = static_cast<std::uint32_t>(history.steps.size());
  const std::uint32_t stride = frame.header.step_stride;
  EXPECT_EQ(stride, (steps + 2) / 3);
  EXPECT_LE(frame.facts.step_count, 3U);
  EXPECT_GT(frame.facts.step_count * stride, steps - stride) << "to the end";
  for (std::uint32_t i = 0; i < frame.facts.step_count; ++i) {
    EXPECT_EQ(frame.slot.steps()[i].gradient_norm,
              static_cast<float>(history.steps[i * stride].gradient_norm));
    EXPECT_EQ(frame.slot.step_rates()[i], static_cast<float>(history.steps[i * stride].rate));
  }
  EXPECT_EQ(frame.facts.class_stride, 2U);
  ASSERT_EQ(frame.facts.class_points, 2U);
  for (std::size_t i = 0; i < 2; ++i)
    for (std::size_t c = 0; c < 2; ++c)
      EXPECT_EQ(frame.slot.class_accuracies()[2 * i + c], history.class_accuracies[2 * (2 * i) + c]);
  // The legend says the newest, whichever are in the slot.
  EXPECT_EQ(frame.facts.class_accuracy[0], history.class_accuracies[2 * 3]);
}

TEST(CurveWriter, WhatIsNotANumberLeavesAHole) {
  RunSpec spec = quick_spec();
  spec.layers = test::linear_spec().layers;
  TrainingSubject subject(make_training(spec));
  PlainRing ring(subject.capacity());
  while (subject.training()->history().epochs.size() < 2) subject.step();
  subject.training()->set_optimizer(OptimizerKind::kGradientDescent);
  subject.training()->set_rate(1e30);
  finish(subject);
  ASSERT_EQ(subject.state(), RunState::kDiverged);
  const PlainRing::Read frame = publish(subject, ring);
  const FrameFacts& facts = frame.facts;
  EXPECT_FALSE(std::isfinite(frame.slot.steps()[facts.step_count - 1].loss));
  EXPECT_TRUE(std::isfinite(facts.gradient_norms.most));
  EXPECT_TRUE(std::isfinite(facts.update_norms.most));
  EXPECT_TRUE(std::isfinite(facts.curve_loss_max));
  EXPECT_GT(facts.rates.most / facts.rates.least, 1e6F);
}

TEST(CurveWriter, AResetLeavesTheRunBehindAsAnEarlierOne) {
  TrainingSubject subject(make_training(quick_spec()));
  PlainRing ring(subject.capacity());
  subject.apply(command::Reset{1});
  EXPECT_EQ(publish(subject, ring).facts.earlier_count, 0U) << "nothing was trained";
  finish(subject);
  const std::vector<EpochRecord> first = subject.training()->history().epochs;
  subject.apply(command::SetRate{0.5});
  subject.apply(command::Reset{7});
  subject.apply(command::SetRate{0.25});
  const PlainRing::Read frame = publish(subject, ring);
  ASSERT_EQ(frame.facts.earlier_count, 1U);
  const EarlierFacts& run = frame.facts.earlier[0];
  EXPECT_EQ(run.count, first.size());
  EXPECT_EQ(run.stride, 1U);
  EXPECT_EQ(run.steps_per_epoch, subject.training()->steps_per_epoch());
  EXPECT_EQ(run.tested, 1U);
  EXPECT_STREQ(run.words.data(), "rate 0.5, seed 1");
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(frame.slot.earlier()[i].loss, static_cast<float>(first[i].loss));
    EXPECT_EQ(frame.slot.earlier()[i].test_accuracy, static_cast<float>(first[i].test_accuracy));
  }
  EXPECT_EQ(subject.facts().figures.earlier->front().test_accuracy,
            static_cast<float>(first.back().test_accuracy));
  // At most so many; then they can be forgotten.
  for (std::uint64_t seed = 8; seed < 12; ++seed) {
    finish(subject);
    subject.apply(command::Reset{seed});
  }
  EXPECT_EQ(publish(subject, ring).facts.earlier_count, kEarlierRuns);
  subject.apply(command::SetEarlier{});
  EXPECT_EQ(publish(subject, ring).facts.earlier_count, 0U);
}

// The same weights, whatever is shown behind the curves.
TEST(CurveWriter, EarlierRunsChangeNothingThatIsTrained) {
  TrainingSubject plain(make_training(quick_spec())), other(make_training(quick_spec()));
  finish(plain);
  finish(other);
  const std::vector<float> weights = test::params_of(*plain.training());
  other.apply(command::Reset{1});
  finish(other);
  EXPECT_EQ(test::params_of(*other.training()), weights);
}

EarlierRun some_run(std::size_t epochs, double rate = 0.01, std::uint64_t seed = 1) {
  RunSpec spec;
  spec.rate = rate;
  std::vector<EpochRecord> records;
  for (std::size_t i = 0; i < epochs; ++i)
    records.push_back({.epoch = static_cast<int>(i), .loss = static_cast<double>(i), .test_accuracy = 0.5});
  return earlier_run(spec, seed, 4, records);
}

TEST(EarlierRuns, KeepEveryNthEpochWhereThereAreMany) {
  EXPECT_EQ(some_run(kEarlierPoints).points.size(), kEarlierPoints);
  const EarlierRun run = some_run(5000);
  EXPECT_EQ(run.stride, 10U);
  ASSERT_EQ(run.points.size(), 500U);
  EXPECT_EQ(run.points[499].loss, 4990);
  EXPECT_LE(some_run(100'000).points.size(), kEarlierPoints);
}

TEST(EarlierRuns, TheNewestAreKeptTheNewestFirst) {
  EarlierRuns runs;
  for (const double rate : {0.1, 0.2, 0.3, 0.4}) runs = with_another(runs, some_run(3, rate));
  ASSERT_EQ(runs.size(), kEarlierRuns);
  EXPECT_EQ(runs[0], some_run(3, 0.4));
  EXPECT_EQ(runs[2], some_run(3, 0.2));
}

TEST(EarlierRuns, TheSameRunAgainIsNotAnotherOne) {
  EarlierRuns runs = with_another({}, some_run(3));
  runs = with_another(runs, some_run(5));
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].points.size(), 5U) << "it came further";
  runs = with_another(runs, some_run(2));
  ASSERT_EQ(runs.size(), 1U);
  EXPECT_EQ(runs[0].points.size(), 5U);
  EXPECT_EQ(with_another(runs, some_run(5, 0.01, 2)).size(), 2U) << "another seed is another run";
}

TEST(EarlierRuns, AreNamedByWhatDiffers) {
  RunSpec now;
  now.rate = 0.01;
  const auto words = [&](const RunSpec& then, std::uint64_t seed = 1) {
    const EpochRecord epoch{};
    return earlier_words(earlier_run(then, seed, 1, {&epoch, 1}), settings_of(now), 1);
  };
  RunSpec then = now;
  EXPECT_EQ(words(then), "the same settings");
  EXPECT_EQ(words(then, 3), "seed 3");
  then.rate = 0.1;
  EXPECT_EQ(words(then), "rate 0.1");
  then.epochs = 30;
  EXPECT_EQ(words(then), "30 epochs, rate 0.1");
  then.batch_size = 4;
  EXPECT_EQ(words(then), "30 epochs and 2 more");
  then = now;
  then.optimizer = with_kind(then.optimizer, OptimizerKind::kMomentum);
  EXPECT_TRUE(words(then).starts_with("optimizer momentum")) << words(then);
  then = now;
  then.backbone = "somewhere/a-long-name.zip";
  EXPECT_EQ(words(then), "transfer");
  std::swap(now, then);
  EXPECT_EQ(words(then), "from scratch");
}

}  // namespace
}  // namespace fl
