// Many runs at once are the same runs alone: by bytes where a batch is summed in the same shares, and by what
// the network is in plain loops. None of them notices that another one diverges.
#include "trainer/subjects/group/run_group.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/gradient_problem.h"
#include "tests/support/reference_net.h"
#include "tests/support/small_training.h"

namespace fl {
namespace {

using test::params_of;
using test::small_data;
using test::small_spec;

constexpr std::size_t kRuns = 16;
constexpr std::int64_t kSteps = 20;
constexpr double kTolerance = 1e-5;

RunSpec lesson_1() {
  const auto scene = toml::parse_file(FALLLINE_SOURCE_DIR "/scenes/1-too-few-images.toml");
  return parse_run_spec(scene, {}).value();
}

// Each with its own rate, start, scale and order.
std::vector<GroupRun> differing_runs(const RunSpec& spec) {
  std::vector<GroupRun> runs;
  for (std::size_t i = 0; i < kRuns; ++i) {
    const double t = static_cast<double>(i) / (kRuns - 1);
    GroupRun run{spec, 100 + i / 2};
    run.spec.rate = 0.1 * spec.rate * std::pow(30.0, t);
    run.spec.init_scale = 0.8 + 0.4 * t;
    run.spec.shuffle = i % 3 == 0 ? "once" : "epoch";
    runs.push_back(std::move(run));
  }
  return runs;
}

std::unique_ptr<RunGroup> make_group(std::span<const GroupRun> runs, int threads, int shares) {
  auto group = RunGroup::create(runs, small_data(runs.front().spec).value(), threads, shares);
  EXPECT_TRUE(group.ok()) << group.error().message;
  return *std::move(group);
}

std::unique_ptr<Training> alone(GroupRun run, int threads) {
  run.spec.threads = threads;
  auto training = test::make_training(run.spec);
  EXPECT_TRUE(training->reset(*run.start).ok());
  return training;
}

class ManyRuns : public testing::TestWithParam<int> {};

TEST_P(ManyRuns, OfLesson1HaveTheBytesOfEachAlone) {
  const std::vector<GroupRun> runs = differing_runs(lesson_1());
  const auto group = make_group(runs, 2, GetParam());
  for (std::int64_t step = 0; step < kSteps; ++step) EXPECT_EQ(group->advance(), kRuns);
  for (std::size_t i = 0; i < kRuns; ++i) {
    const auto one = alone(runs[i], GetParam());
    while (one->steps() < kSteps) one->step();
    EXPECT_EQ(group->run(i).history().csv(), one->history().csv()) << i;
    EXPECT_EQ(params_of(group->run(i)), params_of(*one)) << i;
  }
}

INSTANTIATE_TEST_SUITE_P(Shares, ManyRuns, testing::Values(1, 2));

// A training in double, with momentum: Adam's first steps go by the sign of the smallest gradients, which
// rounding to float decides.
class PlainRun {
 public:
  PlainRun(const Training& run, std::span<const float> start)
      : net_(run.program().spec()),
        params_(test::widen(start)),
        gradients_(params_.size()),
        velocity_(params_.size()) {
    step_.rate = run.rate();
    step_.beta1 = run.spec().optimizer.beta1;
  }

  // Returns the loss before the update.
  double step(std::span<const double> images, std::span<const int> labels) {
    const double loss = net_.loss(params_, images, labels, gradients_);
    for (std::size_t k = 0; k < params_.size(); ++k)
      kernels::momentum(params_[k], gradients_[k], velocity_[k], step_);
    return loss;
  }

 private:
  test::ReferenceNet net_;
  std::vector<double> params_, gradients_, velocity_;
  kernels::OptimizerStep<double> step_{};
};

// Of lesson 1's network; images and batches are small enough for plain loops.
TEST(ManyRunsInPlainLoops, HaveTheSameLosses) {
  constexpr std::size_t kBatch = 2;
  RunSpec spec = lesson_1();
  spec.data.image_size = 16;
  spec.batch_size = kBatch;
  spec.optimizer = optimizer_info(OptimizerKind::kMomentum).defaults;
  spec.rate /= 10;  // momentum goes ten times as far
  const std::vector<GroupRun> runs = differing_runs(spec);
  const auto group = make_group(runs, 2, 1);
  Dataset data = small_data(spec).value();
  if (spec.data.standardise) apply_standardisation(group->run(0).standardisation(), data.shape, data.pixels);
  std::vector<PlainRun> plain;
  for (std::size_t i = 0; i < kRuns; ++i) plain.emplace_back(group->run(i), group->weights(i));
  ASSERT_GE(group->run(0).steps_per_epoch(), kSteps);
  for (std::size_t s = 0; s < static_cast<std::size_t>(kSteps); ++s) {
    group->advance();
    for (std::size_t i = 0; i < kRuns; ++i) {
      std::vector<std::int32_t> order = group->run(i).split().train;
      RandomStream random(*runs[i].start, StreamId::kOrder, 0);
      if (runs[i].spec.shuffle == "epoch") shuffle(std::span(order), random);
      std::vector<double> images;
      std::vector<int> labels;
      for (const std::int32_t image : std::span(order).subspan(s * kBatch, kBatch)) {
        const std::size_t at = static_cast<std::size_t>(image), floats = data.shape.floats();
        const auto pixels = std::span(data.pixels).subspan(at * floats, floats);
        images.insert(images.end(), pixels.begin(), pixels.end());
        labels.push_back(data.labels[at]);
      }
      const double loss = plain[i].step(images, labels);
      ASSERT_NEAR(group->run(i).history().steps[s].loss, loss, kTolerance * std::max(1.0, loss))
          << i << ", step " << s;
    }
  }
}

std::vector<GroupRun> small_runs() {
  std::vector<GroupRun> runs;
  for (std::size_t i = 0; i < 5; ++i) runs.push_back({small_spec(), 10 + i});
  return runs;
}

TEST(ManyRunsOfWhichOneDiverges, TheOthersNoticeNothing) {
  std::vector<GroupRun> runs = small_runs();
  const auto calm = make_group(runs, 2, 1);
  runs[2].spec.rate = kMaxRate;
  runs[2].spec.optimizer = optimizer_info(OptimizerKind::kGradientDescent).defaults;
  const auto group = make_group(runs, 2, 1);
  while (calm->advance() > 0) {
  }
  while (group->advance() > 0) {
  }
  for (std::size_t i = 0; i < runs.size(); ++i) {
    EXPECT_EQ(group->run(i).state(), i == 2 ? RunState::kDiverged : RunState::kFinished) << i;
    for (const float weight : group->weights(i)) ASSERT_TRUE(std::isfinite(weight)) << i;
    if (i == 2) continue;
    EXPECT_EQ(params_of(group->run(i)), params_of(calm->run(i))) << i;
    EXPECT_EQ(group->run(i).history().csv(), calm->run(i).history().csv()) << i;
  }
  EXPECT_LT(group->run(2).steps(), group->run(0).steps());
  EXPECT_EQ(group->run(2).report().state, RunState::kDiverged);
}

TEST(ManyRunsTogether, HaveTheirWeightsInOneArena) {
  const auto group = make_group(small_runs(), 2, 1);
  group->advance();
  for (std::size_t i = 0; i < group->size(); ++i) {
    EXPECT_EQ(group->weights(i).data(), group->weights(0).data() + i * group->weights_stride()) << i;
    EXPECT_TRUE(std::ranges::equal(group->weights(i), params_of(group->run(i)))) << i;
  }
}

TEST(ManyRunsTogether, EndAsAloneOnAnyNumberOfThreads) {
  const std::vector<GroupRun> runs = small_runs();
  for (const int threads : {1, 2, 7}) {
    const auto group = make_group(runs, threads, 1);
    while (group->advance(group->run(0).steps_per_epoch()) > 0) {
    }
    for (std::size_t i = 0; i < runs.size(); ++i) {
      const auto one = alone(runs[i], 1);
      while (one->step()) {
      }
      EXPECT_EQ(group->run(i).history().csv(), one->history().csv()) << threads << ", " << i;
    }
  }
}

TEST(ManyRunsTogether, ThatCannotBeAreASentence) {
  const auto refused = [](const std::vector<GroupRun>& runs, const char* text) {
    const auto group = RunGroup::create(runs, small_data(small_spec()).value());
    ASSERT_FALSE(group.ok());
    EXPECT_NE(group.error().message.find(text), std::string::npos) << group.error().message;
  };
  refused({}, "no runs");
  std::vector<GroupRun> runs = small_runs();
  runs[3].spec.data.image_size = 32;
  refused(runs, "Run 4 of 5 has other images than the first");
  runs = small_runs();
  runs[1].spec.seed = 7;
  refused(runs, "Run 2 of 5 has other images than the first");
  runs = small_runs();
  runs[4].spec.network = "mlp";
  refused(runs, "Run 5 of 5 has another network than the first");
  runs = small_runs();
  runs[0].spec.init = "nobody's";
  refused(runs, "nobody's");
}

}  // namespace
}  // namespace fl
