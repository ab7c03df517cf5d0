// A fork is the run with one thing changed, to the byte; the run never notices.
#include "trainer/subjects/forks/forks.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/plain_ring.h"
#include "tests/support/small_training.h"
#include "trainer/subjects/race/lane_losses.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;

constexpr std::int64_t kAt = 7;  // in the middle of the third epoch of three steps

RunSpec forked_spec() {
  RunSpec spec = test::small_spec();
  spec.dropout = 0.3;
  spec.augment = {.flip = true, .rotate = 10, .shift = 0.1};
  return spec;
}

void go_to(Training& training, std::int64_t step) {
  while (training.steps() < step && training.advance(step - training.steps()) > 0) {
  }
}

std::vector<float> trained(const Fork& fork) {
  return fork.course().program.params;
}

std::vector<double> losses(const History& history) {
  std::vector<double> all;
  for (const StepRecord& step : history.steps) all.push_back(step.loss);
  for (const EpochRecord& epoch : history.epochs) all.push_back(epoch.test_loss);
  return all;
}

class EachChange : public ::testing::TestWithParam<ForkChange> {};

TEST_P(EachChange, IsTheSameRunTrainedAloneWithThatChangeAtThatStep) {
  for (const std::int64_t at : {std::int64_t{0}, std::int64_t{6}, kAt}) {
    const auto alone = make_training(forked_spec());
    go_to(*alone, at);
    change(*alone, GetParam(), 1);
    go_to(*alone, alone->total_steps());

    TrainingSubject subject(make_training(forked_spec()));
    while (subject.steps() < at) subject.advance(1);
    subject.apply(command::MakeFork{GetParam()});
    while (subject.advance(3) > 0) {
      subject.work(1);
      subject.catch_up();
    }
    while (subject.work(4)) {
    }
    ASSERT_EQ(subject.writer().forks().all().size(), 1u);
    const Fork& fork = *subject.writer().forks().all().front();
    EXPECT_TRUE(fork.over());
    EXPECT_EQ(fork.steps(), alone->steps());
    EXPECT_EQ(trained(fork), params_of(*alone)) << "from " << at;
    EXPECT_EQ(losses(fork.course().history), losses(alone->history()));
    EXPECT_EQ(fork.course().state, alone->state());

    const auto run = make_training(forked_spec());
    go_to(*run, run->total_steps());
    EXPECT_EQ(params_of(*subject.training()), params_of(*run)) << "the run never notices";
    EXPECT_EQ(losses(subject.training()->history()), losses(run->history()));
    if (GetParam() == ForkChange::kRiver) {
      EXPECT_LT(alone->steps(), alone->total_steps()) << "with its rate it ends";
    }
    EXPECT_NE(trained(fork), params_of(*run));
  }
}
INSTANTIATE_TEST_SUITE_P(Fork, EachChange,
                         ::testing::Values(ForkChange::kRiver, ForkChange::kOrder, ForkChange::kRateUp,
                                           ForkChange::kRateDown, ForkChange::kOptimizer));

TEST(Fork, WhatIsLeftOfAnEpochHasTheSameImagesInAnotherOrder) {
  RunSpec spec = test::small_spec();
  spec.batch_size = 1;  // a step an image: the first loss of an image tells which it is
  spec.epochs = 2;
  spec.rate = 1e-12;  // the weights stay
  const auto sorted_losses = [&](bool changed) {
    const auto training = make_training(spec);
    go_to(*training, 5);
    if (changed) training->change_order(99);
    go_to(*training, training->steps_per_epoch());
    std::vector<float> all;
    for (const StepRecord& step : training->history().steps) all.push_back(static_cast<float>(step.loss));
    return all;
  };
  std::vector<float> as_it_was = sorted_losses(false), changed = sorted_losses(true);
  EXPECT_TRUE(std::equal(as_it_was.begin(), as_it_was.begin() + 5, changed.begin()));
  EXPECT_NE(as_it_was, changed);
  std::ranges::sort(as_it_was);
  std::ranges::sort(changed);
  for (std::size_t i = 0; i < changed.size(); ++i) EXPECT_NEAR(as_it_was[i], changed[i], 1e-4) << i;
}

TEST(Fork, AFallingRateEndsWithAnEpochAndNearlyAtNothing) {
  RunSpec spec = test::small_spec();
  spec.epochs = 40;
  const auto training = make_training(spec);
  go_to(*training, kAt);
  training->let_rate_fall(12);
  go_to(*training, training->total_steps());
  EXPECT_EQ(training->state(), RunState::kFinished);
  EXPECT_EQ(training->steps() % training->steps_per_epoch(), 0);
  EXPECT_EQ(training->steps(), (kAt + 12 + 2) / 3 * 3);
  const auto& steps = training->history().steps;
  EXPECT_DOUBLE_EQ(steps[kAt].rate, spec.rate);
  for (std::size_t i = kAt + 1; i < steps.size(); ++i) EXPECT_LT(steps[i].rate, steps[i - 1].rate);
  EXPECT_LT(steps.back().rate, 0.1 * spec.rate);
  EXPECT_GT(steps.back().rate, 0);
}

std::optional<Frame> frame_of(TrainingSubject& subject, test::PlainRing& ring) {
  EXPECT_TRUE(subject.publish(ring, subject.state(), 0));
  const auto read = ring.read();
  if (!read) return std::nullopt;
  return Frame{read->header, read->facts};
}

TEST(Forks, TheLossAxisHoldsTheRunFromItsStart) {
  const auto at = [](float step, float loss) {
    PathPoint point{};
    point.step = step;
    point.real_loss = loss;
    return point;
  };
  const std::vector<PathPoint> run = {at(0, 1), at(10, 0.1f), at(20, 0.02f)},
                               fork = {at(10, 0.1f), at(20, 5)};
  LaneFacts facts;
  FrameFacts frame;
  LaneLosses losses;
  losses.add(run, facts);
  losses.add(fork, facts, false);
  losses.set_axis(frame);
  EXPECT_EQ(frame.curve_loss_max, 2) << "twice what the run began with, though the fork climbed further";
  EXPECT_EQ(frame.curve_loss_min, 0.02f);
}

TEST(Forks, HaveLanesBesideTheRun) {
  TrainingSubject subject(make_training(test::small_spec()));
  test::PlainRing ring(subject.capacity());
  while (subject.steps() < kAt) subject.advance(1);
  EXPECT_EQ(frame_of(subject, ring)->header.several_paths, 0u);
  subject.apply(command::MakeFork{ForkChange::kOrder});
  subject.apply(command::MakeFork{ForkChange::kRateDown});
  while (subject.advance(2) > 0) {
  }
  subject.complete_path();
  ASSERT_TRUE(subject.publish(ring, subject.state(), 0));
  const auto frame = ring.read();
  ASSERT_TRUE(frame);
  const FrameHeader& header = frame->header;
  const RaceFacts& race = frame->facts.race;
  ASSERT_EQ(header.several_paths, 3u);
  EXPECT_EQ(race.lanes, 3u);
  EXPECT_EQ(race.forks, 1u);
  EXPECT_STREQ(race.lane[0].words.data(), "the run");
  EXPECT_STREQ(race.lane[1].words.data(), "7: other order");
  EXPECT_STREQ(race.lane[2].words.data(), "7: rate / 10");
  EXPECT_EQ(race.lane[0].epochs, 6u);
  for (const std::size_t i : {1u, 2u}) {
    EXPECT_EQ(header.paths[i].color, i);
    const std::span path = frame->slot.path().subspan(header.paths[i].first, header.paths[i].count);
    EXPECT_EQ(path.front().step, static_cast<float>(kAt)) << "it begins where it left the run";
    EXPECT_EQ(path.back().step, static_cast<float>(subject.total_steps()));
    EXPECT_EQ(race.lane[i].epochs, 5u) << "from the second epoch on";
    EXPECT_EQ(race.lane[i].epochs_before + race.lane[i].point_epochs, 2);
    const std::span epochs = frame->slot.epochs().subspan(race.lane[i].first_epoch, race.lane[i].epochs);
    EXPECT_EQ(epochs.front().loss, static_cast<float>(subject.training()->history().epochs[1].loss));
    EXPECT_TRUE(std::isfinite(race.lane[i].loss));
  }
  EXPECT_EQ(frame->facts.epoch_count, 16u);
  subject.apply(command::RemoveFork{1});
  const auto one = frame_of(subject, ring);
  EXPECT_EQ(one->header.several_paths, 2u);
  EXPECT_EQ(one->header.paths[1].color, 2u) << "it keeps its colour";
  subject.apply(command::RemoveFork{});
  const auto none = frame_of(subject, ring);
  EXPECT_EQ(none->header.several_paths, 0u);
  EXPECT_EQ(none->facts.epoch_count, 6u);
}

TEST(Forks, GoWithANewBeginning) {
  TrainingSubject subject(make_training(test::small_spec()));
  subject.advance(2);
  subject.apply(command::MakeFork{});
  subject.apply(command::Reset{4});
  EXPECT_TRUE(subject.writer().forks().all().empty());
}

TEST(Forks, OfAnotherProbeAreMeasuredAgain) {
  TrainingSubject subject(make_training(test::small_spec()));
  subject.advance(2);
  subject.apply(command::MakeFork{});
  subject.advance(3);
  subject.apply(command::SetProbe{4});
  while (subject.work(16)) {
  }
  test::PlainRing ring(subject.capacity());
  const auto frame = frame_of(subject, ring);
  ASSERT_EQ(frame->header.several_paths, 2u);
  const std::vector<float> now = params_of(*subject.training());
  const auto& fork = *subject.writer().forks().all().front();
  auto& program = subject.training()->program();
  program.write_params(fork.course().program.params);
  const auto measured =
      program.evaluate(subject.landscape().probe(), {}, NormStatistics::kReestimated).batch.loss;
  program.write_params(now);
  EXPECT_FLOAT_EQ(frame->facts.race.lane[1].loss, static_cast<float>(measured));
}

TEST(Forks, ThatCannotBeAreRefusedInASentence) {
  TrainingSubject subject(make_training(test::small_spec()));
  subject.advance(1);
  EXPECT_EQ(subject.facts().no_fork, "");
  for (std::size_t i = 0; i < Forks::kMost + 2; ++i) subject.apply(command::MakeFork{ForkChange::kOrder});
  EXPECT_EQ(subject.writer().forks().all().size(), Forks::kMost);
  EXPECT_EQ(subject.facts().no_fork,
            "There are 7 forks already, as many as can be told apart; remove one first.");
  subject.apply(command::RemoveFork{});
  while (subject.advance(8) > 0) {
  }
  EXPECT_EQ(subject.facts().no_fork, "The run is at its end; rewind it, and fork while it trains.");
  subject.apply(command::MakeFork{});
  EXPECT_TRUE(subject.writer().forks().all().empty());
  TrainingSubject diverged(test::diverged_by_its_last_step());
  EXPECT_EQ(diverged.facts().no_fork,
            "The run has diverged, and nothing goes on from there; rewind it, and fork at an earlier step.");
}

TEST(Forks, GoOnWhereTheRunDiverges) {
  TrainingSubject subject(make_training(test::linear_spec()));
  subject.advance(2);
  subject.apply(command::MakeFork{ForkChange::kRateDown});
  subject.apply(command::SetOptimizer{OptimizerKind::kGradientDescent});
  subject.apply(command::SetRate{1e30});
  while (subject.advance(2) > 0) {
  }
  ASSERT_EQ(subject.state(), RunState::kDiverged);
  while (subject.work(16)) {
  }
  const Fork& fork = *subject.writer().forks().all().front();
  EXPECT_EQ(fork.course().state, RunState::kFinished);
  EXPECT_EQ(fork.steps(), subject.total_steps());
}

}  // namespace
}  // namespace fl
