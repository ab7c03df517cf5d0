// Two forks of a step are the same runs trained alone, and the ridge between them is that of plain loops.
#include "trainer/subjects/fate/fate.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/small_training.h"
#include "trainer/scene/toml_text.h"
#include "trainer/subjects/training_subject.h"

namespace fl {
namespace {

using test::make_training;
using test::params_of;

RunSpec forked_spec(std::vector<int> steps) {
  RunSpec spec = test::small_spec();
  spec.dropout = 0.3;
  spec.fork_steps = std::move(steps);
  return spec;
}

void go_to(Training& training, std::int64_t step) {
  while (training.steps() < step && training.advance(step - training.steps()) > 0) {
  }
}

void finish(TrainingSubject& subject) {
  while (subject.advance(5) > 0) subject.work(1);
  while (subject.work(4)) {
  }
}

double loss_at(Training& training, const std::vector<float>& weights) {
  training.program().write_params(weights);
  return training.program().evaluate(training.split().train, {}, NormStatistics::kReestimated).batch.loss;
}

TEST(Ridge, IsTheHighestLossAboveTheLineBetweenTheEnds) {
  EXPECT_EQ(ridge_of(std::vector<double>{1, 1, 1}), 0);
  EXPECT_EQ(ridge_of(std::vector<double>{1, 0.2, 1}), 0) << "a bowl";
  EXPECT_DOUBLE_EQ(ridge_of(std::vector<double>{1, 4, 3}), 2);
  EXPECT_DOUBLE_EQ(ridge_of(std::vector<double>{0, 1, 5, 3, 4}), 3);
  EXPECT_TRUE(std::isnan(ridge_of(std::vector<double>{0, NAN, 1})));
}

TEST(Fate, ForksOfAStepAreTheSameRunsTrainedAlone) {
  for (const char* network : {"ct-small", "ct-resnet"}) {
    const bool norms = std::string(network) == "ct-resnet";
    RunSpec spec = forked_spec(norms ? std::vector{7} : std::vector{0, 6, 7});
    spec.network = network;
    if (norms) spec.dropout = 0;
    TrainingSubject subject(make_training(spec));
    finish(subject);
    const auto run = make_training(spec);
    go_to(*run, run->total_steps());
    EXPECT_EQ(params_of(*subject.training()), params_of(*run)) << "the run never notices";
    ASSERT_EQ(subject.writer().fate().pairs().size(), spec.fork_steps.size());
    for (const Fate::Pair& pair : subject.writer().fate().pairs()) {
      ASSERT_EQ(pair.state, FateState::kSealed);
      std::array<std::vector<float>, 2> ends;
      for (std::uint32_t i = 0; i < 2; ++i) {
        const auto alone = make_training(spec);
        go_to(*alone, pair.step);
        change(*alone, ForkChange::kOrder, i + 1);
        go_to(*alone, alone->total_steps());
        ends[i] = params_of(*alone);
        EXPECT_EQ(pair.forks[i]->course().program.params, ends[i]) << network << " from " << pair.step;
      }
      EXPECT_NE(ends[0], ends[1]);
      std::vector<float> middle(ends[0].size());
      for (std::size_t p = 0; p < middle.size(); ++p) middle[p] = 0.5F * ends[0][p] + 0.5F * ends[1][p];
      EXPECT_DOUBLE_EQ(pair.losses.front(), loss_at(*run, ends[0]));
      EXPECT_DOUBLE_EQ(pair.losses.back(), loss_at(*run, ends[1]));
      EXPECT_NEAR(pair.losses[kLinePoints / 2], loss_at(*run, middle), 1e-5);
      EXPECT_GE(pair.ridge, 0);
    }
  }
}

TEST(Fate, NothingDependsOnWhichOthersThereAreOrWhichIsLookedAt) {
  TrainingSubject all(make_training(forked_spec({0, 3, 7})));
  all.apply(command::ChooseForkStep{7});
  finish(all);
  all.apply(command::ChooseForkStep{2});
  EXPECT_EQ(all.writer().fate().chosen()->step, 3) << "the nearest";
  TrainingSubject one(make_training(forked_spec({7})));
  finish(one);
  EXPECT_EQ(all.writer().fate().pairs()[2].losses, one.writer().fate().pairs()[0].losses);
  ASSERT_EQ(all.training()->history().lines.size(), 3u);
  EXPECT_EQ(all.training()->history().lines[2], one.training()->history().lines[0]);
  const std::string csv = one.training()->history().lines_csv();
  EXPECT_TRUE(csv.starts_with("fork_step,step,along,loss,ridge\n7,18,0,")) << csv;
  EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + std::ptrdiff_t{kLinePoints});
  EXPECT_NE(one.training()->report().json().find("\"fork_step\": 7"), std::string::npos);
}

TEST(Fate, TheLandscapeIsAboutTheChosenEnds) {
  TrainingSubject subject(make_training(forked_spec({0, 7})));
  finish(subject);
  subject.apply(command::ChooseForkStep{7});
  while (subject.work(8)) {
  }
  const Fate::Pair& pair = *subject.writer().fate().chosen();
  const Plane& plane = *subject.landscape().plane();
  for (const auto& fork : pair.forks) {
    const PlaneCoordinates at = plane.project(fork->course().program.params);
    EXPECT_LT(at.off_plane, 1e-3 * (plane.a_max - plane.a_min));
    EXPECT_GT(at.a, plane.a_min);
    EXPECT_LT(at.a, plane.a_max);
  }
  EXPECT_LT(plane.project(pair.forks[0]->start()).off_plane, 1e-3 * (plane.a_max - plane.a_min));
}

TEST(Fate, ForksThatTheRunLeftBehindGoOnAndARewindBeginsAnew) {
  TrainingSubject subject(make_training(forked_spec({0, 9})));
  for (int i = 0; i < 4; ++i) subject.advance(1);
  test::step_too_far(*subject.training());
  while (subject.advance(1) > 0) {
  }
  ASSERT_EQ(subject.state(), RunState::kDiverged);
  while (subject.work(4)) {
  }
  const auto& pairs = subject.writer().fate().pairs();
  EXPECT_EQ(pairs[0].state, FateState::kSealed);
  EXPECT_EQ(pairs[1].state, FateState::kComing);
  EXPECT_NE(subject.writer().fate().words()[1].find("did not come there"), std::string::npos);
  subject.apply(command::Reset{1});
  EXPECT_EQ(pairs[0].state, FateState::kGrowing);
  EXPECT_TRUE(pairs[0].losses.empty());
  EXPECT_EQ(subject.training()->history().lines_csv(), "");
}

std::string refusal(const std::string& list) {
  const auto scene = parse_toml("[train]\nfork_steps = " + list, "scene.toml").value();
  const auto spec = parse_run_spec(scene, RunSpec());
  return spec ? std::string() : spec.error().message;
}

TEST(ForkSteps, AreRefusedInASentence) {
  EXPECT_EQ(refusal("[7, 0]"), "");
  EXPECT_NE(refusal("[]").find("[train] fork_steps must be a list of 1 to 10 whole numbers"),
            std::string::npos);
  EXPECT_NE(refusal("[-1]").find("must be a list"), std::string::npos);
  EXPECT_NE(refusal("[1.5]").find("must be a list"), std::string::npos);
  EXPECT_NE(refusal("[3, 0, 3]").find("has step 3 twice; name each step once."), std::string::npos);
  RunSpec spec = forked_spec({18});
  const auto late = Training::create(spec, test::small_data(spec).value(), *make_cpu_backend(1));
  ASSERT_FALSE(late);
  EXPECT_NE(late.error().message.find("has step 18, but the run is over after 18"), std::string::npos);
}

}  // namespace
}  // namespace fl
