// However many threads share a batch: the same gradients to rounding, the same bytes each run, and no share
// of an evaluation that depends on who computed it.
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <numeric>
#include <thread>

#include <gtest/gtest.h>

#include "tests/support/gradient_problem.h"
#include "trainer/compute/group_backend.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

using test::make_problem;
using test::Problem;
using test::relative_error;
using test::widen;

constexpr std::size_t kImages = 40;
constexpr std::array kThreads = {1, 2, 3, 16};

NetSpec network(const char* name, int side = 16) {
  return make_network(name, {1, side, side}, 2, {.dropout = 0.3}).value();
}

std::vector<std::int32_t> first_images(std::size_t count) {
  std::vector<std::int32_t> images(count);
  std::iota(images.begin(), images.end(), 0);
  return images;
}

std::unique_ptr<Program> make_program(const Problem& problem, Backend& backend) {
  auto program = backend.compile(problem.spec, 16).value();
  program->set_data(problem.images, problem.labels);
  program->write_params(problem.params);
  program->set_seed(5);
  program->set_class_weights(std::array{0.5f, 2.0f});
  program->set_augmentation({.flip = true, .rotate = 15, .shift = 0.1});
  program->set_optimizer({});
  return program;
}

std::unique_ptr<Program> make_program(const Problem& problem, int threads) {
  return make_program(problem, **make_cpu_backend(threads));
}

std::vector<float> gradients_of(Program& program) {
  std::vector<float> gradients(program.layout().floats);
  program.read_gradients(gradients);
  return gradients;
}

std::vector<float> statistics_of(const Network& program) {
  std::vector<float> statistics(program.layout().statistic_floats);
  program.read_statistics(statistics);
  return statistics;
}

// Two full batches, a ragged one, and one of fewer images than most have threads.
ProgramState train(Program& program) {
  for (const std::size_t images : {16, 16, 7, 2}) program.train_step(first_images(images), 1e-3);
  return program.save_state();
}

std::vector<double> slice_of(Program& program, std::size_t probe, std::span<const SlicePoint> points) {
  std::vector<float> origin(program.layout().floats), d1(origin.size()), d2(origin.size());
  program.read_params(origin);
  for (std::size_t i = 0; i < origin.size(); ++i) {
    d1[i] = 0.5f * origin[i];
    d2[i] = 0.01f * std::sin(static_cast<float>(i));
  }
  program.set_slice(first_images(probe), origin, d1, d2);
  std::vector<double> losses(points.size());
  program.evaluate_slice(points, losses);
  return losses;
}

class PlanTeams : public testing::TestWithParam<const char*> {};

TEST_P(PlanTeams, GradientsAreThoseOfOnePlan) {
  const Problem problem = make_problem(network(GetParam()), kImages, 4);
  for (const std::size_t images : {16, 7, 2, 1}) {
    const auto one = make_program(problem, 1);
    const BatchResult expected = one->forward_backward(first_images(images));
    for (const int threads : kThreads) {
      const auto shared = make_program(problem, threads);
      const BatchResult result = shared->forward_backward(first_images(images));
      EXPECT_NEAR(result.loss, expected.loss, 2e-6 * expected.loss) << threads;
      EXPECT_EQ(result.correct, expected.correct) << threads;
      EXPECT_LT(relative_error(gradients_of(*shared), widen(gradients_of(*one))), 1e-10)
          << threads << " threads, " << images << " images";
    }
  }
}

TEST_P(PlanTeams, TrainWithTheSameBytesEachTime) {
  const Problem problem = make_problem(network(GetParam()), kImages, 4);
  for (const int threads : kThreads) {
    const ProgramState first = train(*make_program(problem, threads));
    const ProgramState second = train(*make_program(problem, threads));
    EXPECT_EQ(first.params, second.params) << threads;
    EXPECT_EQ(first.statistics, second.statistics) << threads;
    EXPECT_EQ(first.optimizer_arrays, second.optimizer_arrays) << threads;
  }
}

// A thread that takes the shares of others in turn: ragged ones, and with dropout, augmentation and weights.
TEST_P(PlanTeams, SharesInTurnHaveTheBytesOfAsManyThreads) {
  for (const double dropout : {0.0, 0.3}) {
    const Problem problem =
        make_problem(make_network(GetParam(), {1, 16, 16}, 2, {.dropout = dropout}).value(), kImages, 4);
    for (const int shares : kThreads) {
      const auto group = make_cpu_group({.threads = 2, .shares = shares}).value();
      const auto alone = make_program(problem, shares), together = make_program(problem, *group);
      const ProgramState expected = train(*alone), state = train(*together);
      EXPECT_EQ(state.params, expected.params) << shares;
      EXPECT_EQ(state.statistics, expected.statistics) << shares;
      EXPECT_EQ(state.optimizer_arrays, expected.optimizer_arrays) << shares;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Networks, PlanTeams, testing::Values("ct-small", "mlp"), [](const auto& test) {
  std::string name = test.param;
  std::erase(name, '-');
  return name;
});

// Of 64 pixels a side, for Winograd to have a part in it.
TEST(SharedEvaluation, IsTheSameOnAnyNumberOfThreads) {
  const Problem problem = make_problem(network("ct-small", 64), kImages, 4);
  const auto one = make_program(problem, 1);
  std::vector<float> expected(kImages * 2), probabilities(expected.size());
  const EvalResult whole = one->evaluate(first_images(kImages), expected);
  const std::vector<SlicePoint> points = {{0, 0}, {0.5, -0.25}, {-1, 2}};
  const std::vector<double> losses = slice_of(*one, kImages, points);
  for (const int threads : kThreads) {
    const auto shared = make_program(problem, threads);
    const EvalResult result = shared->evaluate(first_images(kImages), probabilities);
    EXPECT_EQ(result.batch.loss, whole.batch.loss) << threads;
    EXPECT_EQ(result.standard_error, whole.standard_error) << threads;
    EXPECT_EQ(result.batch.correct, whole.batch.correct) << threads;
    EXPECT_EQ(probabilities, expected) << threads;
    EXPECT_EQ(slice_of(*shared, kImages, points), losses) << threads;
    // One point alone is split by its images.
    EXPECT_EQ(slice_of(*shared, kImages, std::span(points).subspan(1, 1)).front(), losses[1]) << threads;
  }
}

// Wherever in a batch it stands.
TEST(SharedEvaluation, AnImageIsJudgedAlikeInAnyCompany) {
  for (const char* name : {"ct-small", "ct-resnet", "mlp"}) {
    const Problem problem = make_problem(network(name, 64), kImages, 4);
    const auto program = make_program(problem, 3);
    std::vector<float> all(kImages * 2), alone(2);
    program->evaluate(first_images(kImages), all);
    for (std::int32_t image = 0; image < static_cast<std::int32_t>(kImages); ++image) {
      program->evaluate({&image, 1}, alone);
      const auto own = all.begin() + image * 2;
      EXPECT_EQ(alone, std::vector<float>(own, own + 2)) << name << ", " << image;
    }
  }
}

// Of shares by themselves they would be others by far: the images are few.
TEST(WholeBatchStatistics, AreThoseOfAllImages) {
  const Problem problem = make_problem(network("ct-resnet", 8), kImages, 4);
  const std::vector<SlicePoint> points = {{0, 0}, {0.5, -0.25}};
  const auto one = make_program(problem, 1);
  one->train_step(first_images(6), 0);
  const std::vector<double> losses = slice_of(*one, 6, points);
  for (const int threads : {2, 3}) {
    const auto shared = make_program(problem, threads);
    shared->train_step(first_images(6), 0);
    EXPECT_LT(relative_error(statistics_of(*shared), widen(statistics_of(*one))), 1e-11) << threads;
    const std::vector<double> own = slice_of(*shared, 6, points);
    for (std::size_t p = 0; p < points.size(); ++p)
      EXPECT_NEAR(own[p], losses[p], 1e-5 * losses[p]) << threads;
  }
}

// Each thread may be kept waiting between any two of its parts.
TEST(SharedEvaluation, RestsInItsMiddleAndHasTheSameLosses) {
  const Problem problem = make_problem(network("ct-small"), kImages, 4);
  const std::vector<SlicePoint> points = {{0, 0}, {0.5, -0.25}};
  const std::vector<double> expected = slice_of(*make_program(problem, 2), kImages, points);
  const auto program = make_program(problem, 2);
  std::atomic<int> rests = 0;
  program->let_rest([&] {
    if (rests++ % 3 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  });
  EXPECT_EQ(slice_of(*program, kImages, points), expected);
  EXPECT_GE(rests, 2 * static_cast<int>(kImages) / 16);
}

}  // namespace
}  // namespace fl
