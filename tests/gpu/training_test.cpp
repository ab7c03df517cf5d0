// Training over many steps: the CPU backend's losses, the same bits each time, by hand and from graphs, in
// bursts and step by step; and what must happen when it diverges.
#include <limits>

#include "tests/gpu/parity_test.h"

namespace fl::test {
namespace {

using Training = Parity;

// Batches of 8, 8 and 4, over and over.
std::vector<std::vector<std::int32_t>> ragged_batches(std::size_t steps) {
  std::vector<std::vector<std::int32_t>> batches;
  for (std::size_t s = 0; s < steps; ++s)
    batches.push_back(first_images(s % 3 == 2 ? 4 : 8, static_cast<std::int32_t>(8 * (s % 3))));
  return batches;
}

std::vector<StepResult> train(Program& program, std::size_t steps, double rate) {
  std::vector<StepResult> results;
  for (const auto& batch : ragged_batches(steps)) results.push_back(program.train_step(batch, rate));
  return results;
}

void expect_near(const std::vector<StepResult>& results, const std::vector<StepResult>& expected,
                 double tolerance) {
  ASSERT_EQ(results.size(), expected.size());
  for (std::size_t s = 0; s < results.size(); ++s) {
    const auto near = [&](double a, double b) {
      EXPECT_NEAR(a, b, tolerance * std::max(0.1, std::abs(b))) << "step " << s;
    };
    near(results[s].batch.loss, expected[s].batch.loss);
    near(results[s].gradient_norm, expected[s].gradient_norm);
    near(results[s].update_norm, expected[s].update_norm);
    EXPECT_EQ(results[s].batch.images, expected[s].batch.images);
  }
}

void expect_equal(const std::vector<StepResult>& results, const std::vector<StepResult>& expected) {
  ASSERT_EQ(results.size(), expected.size());
  for (std::size_t s = 0; s < results.size(); ++s) {
    EXPECT_EQ(results[s].batch.loss, expected[s].batch.loss) << "step " << s;
    EXPECT_EQ(results[s].batch.correct, expected[s].batch.correct);
    EXPECT_EQ(results[s].gradient_norm, expected[s].gradient_norm);
    EXPECT_EQ(results[s].update_norm, expected[s].update_norm);
  }
}

class Optimizers : public Parity, public testing::WithParamInterface<std::string> {};

// Where a gradient is divided by its own size, rounding decides the sign of a step of full length for weights
// that have almost none: those runs part after a few steps, in any arithmetic but one's own.
std::size_t steps_together(OptimizerKind kind) {
  switch (kind) {
    case OptimizerKind::kGradientDescent:
    case OptimizerKind::kMomentum:
    case OptimizerKind::kNesterov:
    case OptimizerKind::kQhm:
      return 20;
    default:
      return 5;
  }
}

TEST_P(Optimizers, StepsFollowTheCpu) {
  const OptimizerKind kind = optimizer_by_name(GetParam()).value();
  const std::size_t steps = steps_together(kind);
  NetSpec slower = ct_small({1, 16, 16}, 2);
  for (LayerSpec& layer : std::span(slower.layers).first(7)) layer.rate_factor = 0.1;
  for (const NetSpec& network : {ct_small({1, 16, 16}, 2), mlp({1, 16, 16}, 2), slower, unfrozen_net()}) {
    Pair pair(make_problem(network, 20, 2));
    OptimizerSpec spec = optimizer_info(kind).defaults;
    spec.weight_decay = 0.01;
    pair.cpu->set_optimizer(spec);
    pair.subject->set_optimizer(spec);
    const double rate =
        kind == OptimizerKind::kAdaGrad || kind == OptimizerKind::kGradientDescent ? 0.01 : 0.001;
    expect_near(train(*pair.subject, steps, rate), train(*pair.cpu, steps, rate), 2e-3);
    EXPECT_LT(nmse(params_of(*pair.subject), params_of(*pair.cpu)), 1e-6) << network.name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, Optimizers, testing::ValuesIn(optimizer_names()), [](const auto& test) {
  std::string name = test.param;
  std::ranges::replace(name, '-', '_');
  return name;
});

TEST_F(Training, BatchNormStatisticsAndDropoutFollowTheCpu) {
  for (const NetSpec& spec : {ct_resnet({1, 8, 8}, 2, true), dropout_net(), residual_net()}) {
    Pair pair(make_problem(spec, 20, 2));
    expect_near(train(*pair.subject, 20, 0.001), train(*pair.cpu, 20, 0.001), 2e-2);
    EXPECT_LT(nmse(params_of(*pair.subject), params_of(*pair.cpu)), 1e-5) << spec.name;
    EXPECT_LT(nmse(statistics_of(*pair.subject), statistics_of(*pair.cpu)), 1e-5) << spec.name;
  }
}

TEST_F(Training, SameBitsEachTimeByHandAndFromGraphs) {
  for (const NetSpec& spec : {ct_small({1, 16, 16}, 2), residual_net(), dropout_net()}) {
    const Problem problem = make_problem(spec, 20, 2);
    auto first = make_subject(spec), second = make_subject(spec),
         by_hand = make_subject(spec, {.graphs = false});
    for (Program* program : {first.get(), second.get(), by_hand.get()}) load(*program, problem);
    const auto results = train(*first, 12, 0.001);
    expect_equal(train(*second, 12, 0.001), results);
    expect_equal(train(*by_hand, 12, 0.001), results);
    EXPECT_EQ(params_of(*second), params_of(*first));
    EXPECT_EQ(params_of(*by_hand), params_of(*first));
    EXPECT_EQ(statistics_of(*by_hand), statistics_of(*first));
  }
}

TEST_F(Training, ABurstIsItsStepsOneByOne) {
  for (const NetSpec& spec : {averaged_net(), dropout_net()}) {
    const Problem problem = make_problem(spec, 20, 2);
    auto single = make_subject(spec), burst = make_subject(spec);
    load(*single, problem);
    load(*burst, problem);
    // More than fit into one burst, each with a rate of its own.
    const std::size_t steps = single->burst() + 7;
    const auto batches = ragged_batches(steps);
    std::vector<TrainBatch> asked;
    std::vector<StepResult> expected;
    for (std::size_t s = 0; s < steps; ++s) {
      const double rate = 0.001 / static_cast<double>(1 + s);
      asked.push_back({batches[s], rate});
      expected.push_back(single->train_step(batches[s], rate));
    }
    std::vector<StepResult> results(steps);
    ASSERT_EQ(burst->train_steps(asked, results), steps);
    expect_equal(results, expected);
    EXPECT_EQ(params_of(*burst), params_of(*single));
  }
}

TEST_F(Training, OptimizerRateSeedAndWeightsChangeWhileItRuns) {
  Pair pair(make_problem(dropout_net(), 20, 2));
  for (Program* program : {pair.cpu.get(), pair.subject.get()}) train(*program, 4, 0.001);
  for (Program* program : {pair.cpu.get(), pair.subject.get()}) {
    program->set_optimizer(optimizer_info(OptimizerKind::kNesterov).defaults);
    program->set_seed(5);
  }
  expect_near(train(*pair.subject, 5, 0.003), train(*pair.cpu, 5, 0.003), 2e-3);
  auto moved = params_of(*pair.cpu);
  for (float& w : moved) w *= 0.5f;
  pair.cpu->write_params(moved);
  pair.subject->write_params(moved);
  expect_near(train(*pair.subject, 5, 0.003), train(*pair.cpu, 5, 0.003), 2e-3);
}

TEST_F(Training, AugmentationAndClassWeightsFollowTheCpu) {
  Pair pair(make_problem(mixed_net(), 20, 2));
  const std::vector<float> weights = {0.25f, 2.0f, 1.5f};
  for (Program* program : {pair.cpu.get(), pair.subject.get()}) {
    program->set_augmentation({.flip = true, .rotate = 20, .shift = 0.15});
    program->set_class_weights(weights);
  }
  const auto results = train(*pair.subject, 12, 0.001);
  expect_near(results, train(*pair.cpu, 12, 0.001), 2e-3);
  // Evaluation sees the images as they are, and weighs none.
  EXPECT_NEAR(pair.subject->evaluate(first_images(20), {}).batch.loss,
              pair.cpu->evaluate(first_images(20), {}).batch.loss, 1e-3);
  for (Program* program : {pair.cpu.get(), pair.subject.get()}) {
    program->set_augmentation({});
    program->set_class_weights({});
  }
  expect_near(train(*pair.subject, 6, 0.001), train(*pair.cpu, 6, 0.001), 2e-3);
}

TEST_F(Training, ARestoredStateGoesOnWithTheSameBits) {
  const NetSpec spec = residual_net();
  const Problem problem = make_problem(spec, 20, 2);
  for (const OptimizerKind kind :
       {OptimizerKind::kGradientDescent, OptimizerKind::kMomentum, OptimizerKind::kQhAdam}) {
    auto whole = make_subject(spec), resumed = make_subject(spec);
    for (Program* program : {whole.get(), resumed.get()}) {
      load(*program, problem);
      program->set_augmentation({.flip = true, .rotate = 10, .shift = 0});
      program->set_optimizer(optimizer_info(kind).defaults);
    }
    train(*whole, 5, 0.001);
    resumed->restore_state(whole->save_state());
    expect_equal(train(*resumed, 6, 0.001), train(*whole, 6, 0.001));
    EXPECT_EQ(params_of(*resumed), params_of(*whole));
  }
}

// What one backend leaves, the other takes up.
TEST_F(Training, AStateOfTheCpuGoesOnHere) {
  Pair pair(make_problem(ct_small({1, 16, 16}, 2), 20, 2));
  train(*pair.cpu, 5, 0.001);
  pair.subject->restore_state(pair.cpu->save_state());
  expect_near(train(*pair.subject, 6, 0.001), train(*pair.cpu, 6, 0.001), 2e-3);
}

TEST_F(Training, ADivergedNetworkKeepsItsLastFiniteWeights) {
  const NetSpec spec = residual_net();
  Pair pair(make_problem(spec, 20, 2));
  for (Program* program : {pair.cpu.get(), pair.subject.get()}) {
    program->set_optimizer(optimizer_info(OptimizerKind::kGradientDescent).defaults);
    train(*program, 3, 0.001);
  }
  const auto before = params_of(*pair.subject), statistics = statistics_of(*pair.subject);
  // An update that is not finite is taken back; nothing behind it in the burst moves anything.
  const auto batches = ragged_batches(4);
  const double infinite = std::numeric_limits<double>::infinity();
  const std::vector<TrainBatch> asked = {{batches[0], infinite}, {batches[1], 0.001}, {batches[2], 0.001}};
  std::vector<StepResult> results(3);
  EXPECT_EQ(pair.subject->train_steps(asked, results), 1u);
  EXPECT_FALSE(std::isfinite(results[0].batch.loss));
  EXPECT_EQ(results[0].update_norm, 0);
  EXPECT_EQ(params_of(*pair.subject), before);
  EXPECT_EQ(statistics_of(*pair.subject), statistics);
  std::vector<StepResult> cpu_results(3);
  EXPECT_EQ(pair.cpu->train_steps(asked, cpu_results), 1u);
  EXPECT_NEAR(results[0].gradient_norm, cpu_results[0].gradient_norm, 1e-3 * cpu_results[0].gradient_norm);
  // And it can be taken up again from there.
  expect_near(train(*pair.subject, 3, 0.001), train(*pair.cpu, 3, 0.001), 2e-3);
}

TEST_F(Training, ALossThatIsNotFiniteLeavesWeightsAndMomentsAlone) {
  const NetSpec spec = ct_small({1, 16, 16}, 2);
  const Problem problem = make_problem(spec, 20, 2);
  auto subject = make_subject(spec), untouched = make_subject(spec);
  for (Program* program : {subject.get(), untouched.get()}) {
    load(*program, problem);
    train(*program, 3, 0.001);
  }
  const auto good = params_of(*subject);
  auto broken = good;
  broken[subject->layout().find("conv2.weight")->offset] = std::numeric_limits<float>::quiet_NaN();
  subject->write_params(broken);
  const StepResult result = subject->train_step(first_images(8), 0.001);
  EXPECT_FALSE(std::isfinite(result.batch.loss));
  EXPECT_EQ(result.update_norm, 0);
  subject->write_params(good);
  expect_equal(train(*subject, 3, 0.001), train(*untouched, 3, 0.001));
}

TEST_F(Training, EvaluationsAndSlicesInBetweenChangeNothing) {
  const NetSpec spec = residual_net();
  const Problem problem = make_problem(spec, 20, 2);
  auto watched = make_subject(spec), alone = make_subject(spec);
  load(*watched, problem);
  load(*alone, problem);
  std::vector<StepResult> results, expected;
  const std::vector<float> none(problem.params.size(), 0.0f);
  for (const auto& batch : ragged_batches(7)) {
    results.push_back(watched->train_step(batch, 0.001));
    expected.push_back(alone->train_step(batch, 0.001));
    watched->evaluate(first_images(20), {}, NormStatistics::kRunning);
    watched->evaluate(first_images(11), {}, NormStatistics::kReestimated);
    watched->set_slice(first_images(20), problem.params, none, none);
    const SlicePoint origin;
    double loss = 0;
    watched->evaluate_slice({&origin, 1}, {&loss, 1});
    std::vector<float> input(spec.input.floats());
    watched->activations(1, std::vector<int>{-1}, input);
  }
  expect_equal(results, expected);
  EXPECT_EQ(params_of(*watched), params_of(*alone));
}

}  // namespace
}  // namespace fl::test
