// Optimizers against their closed forms in double, against each other where one is a limit of the other, and
// what they must leave alone.
#include "trainer/optim/optimizer.h"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/allocation_count.h"
#include "trainer/compute/backend.h"
#include "trainer/net/init.h"
#include "trainer/net/networks.h"
#include "trainer/optim/parameter_ranges.h"

namespace fl {
namespace {

// More than one block of the pass, and a rest that fills no vector.
constexpr std::size_t kWeights = 1123;
constexpr int kSteps = 50;
constexpr double kRate = 0.01;
// Some weights decay and some do not; none of these numbers is a multiple of a vector.
const std::vector<ArenaRange> kDecayed = {{3, 40}, {40, 601}, {1100, 1122}};

// Some learn at rates of their own, and some of these decay.
const std::vector<ArenaRange> kRated = {
    {3, 40, true, 0.25}, {40, 601}, {700, 900, false, 0.25}, {900, 901, true, 3}, {1100, 1122, true, 0}};

// What holds for one weight: of no range, it does not decay and has the rate itself.
ArenaRange treatment(const std::vector<ArenaRange>& ranges, std::size_t weight) {
  for (const ArenaRange& range : ranges)
    if (weight >= range.begin && weight < range.end) return range;
  return {weight, weight + 1, false, 1};
}

float gradient_at(int step, std::size_t weight) {
  const double phase = 0.7 * step + 0.31 * static_cast<double>(weight);
  return static_cast<float>(std::sin(phase) + 0.2 * std::cos(3 * phase) + 0.05);
}

std::vector<float> start_weights() {
  std::vector<float> weights(kWeights);
  for (std::size_t i = 0; i < kWeights; ++i)
    weights[i] = static_cast<float>(std::cos(0.05 * static_cast<double>(i)));
  return weights;
}

// All gradients a weight has seen, from the first to the newest.
using Gradients = std::vector<double>;

// Sum of beta^age * gradient^power, the newest of age 0.
double fading_sum(const Gradients& gradients, double beta, int power) {
  double sum = 0;
  for (std::size_t s = 0; s < gradients.size(); ++s)
    sum += std::pow(beta, static_cast<double>(gradients.size() - 1 - s)) * std::pow(gradients[s], power);
  return sum;
}

// The change of a weight at its newest gradient, by sums over all of them instead of by recurrences.
double closed_form(const OptimizerSpec& spec, const Gradients& all) {
  const double g = all.back();
  const auto t = static_cast<double>(all.size());
  const double mean = (1 - spec.beta1) * fading_sum(all, spec.beta1, 1);
  const double square = (1 - spec.beta2) * fading_sum(all, spec.beta2, 2);
  const double unbiased_mean = mean / (1 - std::pow(spec.beta1, t));
  const double unbiased_square = square / (1 - std::pow(spec.beta2, t));
  switch (spec.kind) {
    case OptimizerKind::kGradientDescent:
      return -kRate * g;
    case OptimizerKind::kMomentum:
      return -kRate * fading_sum(all, spec.beta1, 1);
    case OptimizerKind::kNesterov:
      return -kRate * (g + spec.beta1 * fading_sum(all, spec.beta1, 1));
    case OptimizerKind::kAdaGrad:
      return -kRate * g / (std::sqrt(fading_sum(all, 1, 2)) + spec.epsilon);
    case OptimizerKind::kRmsProp:
      return -kRate * g / (std::sqrt(square) + spec.epsilon);
    case OptimizerKind::kAdam:
    case OptimizerKind::kAdamW:
      return -kRate * unbiased_mean / (std::sqrt(unbiased_square) + spec.epsilon);
    case OptimizerKind::kQhm:
      return -kRate * ((1 - spec.nu1) * g + spec.nu1 * mean);
    case OptimizerKind::kQhAdam:
      return -kRate * ((1 - spec.nu1) * g + spec.nu1 * unbiased_mean) /
             (std::sqrt((1 - spec.nu2) * g * g + spec.nu2 * unbiased_square) + spec.epsilon);
  }
  return std::nan("");
}

// Runs `spec` on the gradients above; the weights after each step.
std::vector<std::vector<float>> path_of(const OptimizerSpec& spec, double rate = kRate) {
  OptimizerState state;
  state.reset(spec, kWeights, kDecayed);
  std::vector<float> weights = start_weights(), gradients(kWeights);
  std::vector<std::vector<float>> path;
  for (int step = 0; step < kSteps; ++step) {
    for (std::size_t i = 0; i < kWeights; ++i) gradients[i] = gradient_at(step, i);
    optimizer_step(spec, rate, state, gradients, weights);
    path.push_back(weights);
  }
  return path;
}

OptimizerSpec default_of(OptimizerKind kind) {
  return optimizer_info(kind).defaults;
}

void expect_close(const std::vector<float>& a, const std::vector<float>& b, float tolerance) {
  for (std::size_t i = 0; i < a.size(); ++i) ASSERT_NEAR(a[i], b[i], tolerance) << "weight " << i;
}

class EveryOptimizer : public ::testing::TestWithParam<std::string> {
 protected:
  [[nodiscard]] static OptimizerSpec spec() { return default_of(optimizer_by_name(GetParam()).value()); }

  // Follows `spec` beside its closed form in double.
  static void expect_closed_form(const OptimizerSpec& spec,
                                 const std::vector<ArenaRange>& ranges = kDecayed) {
    OptimizerState state;
    state.reset(spec, kWeights, ranges);
    std::vector<float> weights = start_weights(), gradients(kWeights);
    std::vector<double> exact(weights.begin(), weights.end());
    std::vector<Gradients> seen(kWeights);
    const bool decoupled = optimizer_info(spec.kind).decoupled_decay;
    for (int step = 0; step < kSteps; ++step) {
      double squares = 0;
      for (std::size_t i = 0; i < kWeights; ++i) {
        gradients[i] = gradient_at(step, i);
        const ArenaRange own = treatment(ranges, i);
        const double decay = own.decays ? spec.weight_decay : 0;
        seen[i].push_back(gradients[i] + (decoupled ? 0 : decay * exact[i]));
        const double change =
            own.rate_factor * (closed_form(spec, seen[i]) - (decoupled ? kRate * decay * exact[i] : 0));
        exact[i] += change;
        squares += change * change;
      }
      const double norm = optimizer_step(spec, kRate, state, gradients, weights);
      ASSERT_NEAR(norm, std::sqrt(squares), 1e-5 * std::sqrt(squares)) << "step " << step;
      for (std::size_t i = 0; i < kWeights; ++i)
        ASSERT_NEAR(weights[i], exact[i], 4e-6) << "step " << step << ", weight " << i;
    }
    EXPECT_EQ(state.steps, kSteps);
  }
};

TEST_P(EveryOptimizer, FollowsItsClosedForm) {
  OptimizerSpec without = spec();
  without.weight_decay = 0;
  expect_closed_form(without);
}

TEST_P(EveryOptimizer, FollowsItsClosedFormWithWeightDecayWhereItActs) {
  OptimizerSpec with = spec();
  with.weight_decay = 0.3;
  expect_closed_form(with);
}

TEST_P(EveryOptimizer, FollowsItsClosedFormWithUnusualParameters) {
  OptimizerSpec odd = spec();
  odd.beta1 = 0.6;
  odd.beta2 = 0.8;
  odd.epsilon = 0.1;
  odd.nu1 = 0.4;
  odd.nu2 = 0.3;
  expect_closed_form(odd);
}

TEST_P(EveryOptimizer, FollowsItsClosedFormAtRatesOfTheirOwn) {
  for (const double decay : {0.0, 0.3}) {
    OptimizerSpec with = spec();
    with.weight_decay = decay;
    expect_closed_form(with, kRated);
  }
}

TEST_P(EveryOptimizer, AllocatesNothingInAStep) {
  OptimizerSpec all = spec();
  all.weight_decay = 0.01;
  OptimizerState state;
  state.reset(all, kWeights, kRated);
  std::vector<float> weights = start_weights();
  const std::vector<float> gradients(kWeights, 0.5f);
  const test::AllocationWatch watch;
  optimizer_step(all, kRate, state, gradients, weights);
  EXPECT_EQ(watch.count().ours, 0);
}

TEST_P(EveryOptimizer, GoesOnFromASavedStateAsIfNothingHadHappened) {
  const auto whole = path_of(spec());
  OptimizerState state;
  state.reset(spec(), kWeights, kDecayed);
  std::vector<float> weights = start_weights(), gradients(kWeights);
  for (int step = 0; step < kSteps; ++step) {
    if (step == 20) {
      const auto arrays = state.arrays;
      const auto steps = state.steps;
      OptimizerState restored;
      restored.reset(spec(), kWeights, kDecayed);
      restored.arrays = arrays;
      restored.steps = steps;
      state = restored;
    }
    for (std::size_t i = 0; i < kWeights; ++i) gradients[i] = gradient_at(step, i);
    optimizer_step(spec(), kRate, state, gradients, weights);
  }
  EXPECT_EQ(weights, whole.back());
  EXPECT_EQ(path_of(spec()).back(), whole.back()) << "the same bytes each time";
}

INSTANTIATE_TEST_SUITE_P(Optimizers, EveryOptimizer, ::testing::ValuesIn(optimizer_names()),
                         [](const auto& name) {
                           std::string text = name.param;
                           std::erase(text, '-');
                           return text;
                         });

TEST(Qhm, IsGradientDescentAtZeroAndNormalisedMomentumAtOne) {
  OptimizerSpec qhm = default_of(OptimizerKind::kQhm);
  qhm.beta1 = 0.9;
  qhm.nu1 = 0;
  EXPECT_EQ(path_of(qhm), path_of(default_of(OptimizerKind::kGradientDescent)));
  qhm.nu1 = 1;
  const auto averaged = path_of(qhm);
  const auto summed = path_of(default_of(OptimizerKind::kMomentum), kRate * (1 - 0.9));
  for (int step = 0; step < kSteps; ++step)
    expect_close(averaged[static_cast<std::size_t>(step)], summed[static_cast<std::size_t>(step)], 2e-6f);
}

TEST(QhAdam, IsAdamAtOne) {
  OptimizerSpec spec = default_of(OptimizerKind::kQhAdam);
  spec.beta1 = 0.9;
  spec.nu1 = spec.nu2 = 1;
  EXPECT_EQ(path_of(spec), path_of(default_of(OptimizerKind::kAdam)));
}

TEST(AdamW, WithoutDecayIsAdamAndWithItIsNotAdamWithAPenalty) {
  OptimizerSpec spec = default_of(OptimizerKind::kAdamW);
  EXPECT_EQ(spec.weight_decay, 0.01);
  OptimizerSpec penalised = default_of(OptimizerKind::kAdam);
  penalised.weight_decay = 0.01;
  EXPECT_NE(path_of(spec), path_of(penalised));
  spec.weight_decay = 0;
  EXPECT_EQ(path_of(spec), path_of(default_of(OptimizerKind::kAdam)));
}

TEST(Momentum, WithoutMemoryIsGradientDescent) {
  OptimizerSpec spec = default_of(OptimizerKind::kMomentum);
  spec.beta1 = 0;
  EXPECT_EQ(path_of(spec), path_of(default_of(OptimizerKind::kGradientDescent)));
}

TEST(Adam, FirstStepIsTheRateWhateverTheGradientsSize) {
  const OptimizerSpec spec;
  for (const float g : {1e-3f, 1.0f, 1e3f}) {
    OptimizerState state;
    state.reset(spec, 1, {});
    std::vector<float> params = {0};
    optimizer_step(spec, 0.002, state, std::vector<float>{g}, params);
    EXPECT_NEAR(params[0], -0.002, 2e-6);
  }
}

// On f = sum c/2 w^2, whose gradients depend on the point they are taken at: the weights held must be
// Nesterov's looked-ahead points y, where x' = y - rate grad f(y) and y' = x' + beta (x' - x).
TEST(Nesterov, OnAQuadraticHoldsThePointsLookedAheadTo) {
  const std::vector<double> curvature = {1, 10, 100};
  const OptimizerSpec spec = default_of(OptimizerKind::kNesterov);
  const double rate = 0.008;
  OptimizerState state;
  state.reset(spec, 3, {});
  std::vector<float> weights = {1, 1, 1}, gradients(3);
  std::vector<double> x = {1, 1, 1}, y = x;
  for (int step = 0; step < 100; ++step) {
    for (std::size_t i = 0; i < 3; ++i) {
      gradients[i] = static_cast<float>(curvature[i] * static_cast<double>(weights[i]));
      const double next = y[i] - rate * curvature[i] * y[i];
      y[i] = next + spec.beta1 * (next - x[i]);
      x[i] = next;
    }
    optimizer_step(spec, rate, state, gradients, weights);
    for (std::size_t i = 0; i < 3; ++i) ASSERT_NEAR(weights[i], y[i], 2e-6) << "step " << step;
  }
  // The flat direction alone would keep (1 - rate)^100 = 0.45 of itself under gradient descent.
  EXPECT_LT(std::abs(weights[0]), 0.05f);
}

TEST(UpdateNorm, IsTakenFromTheWeightsThemselves) {
  const OptimizerSpec spec = default_of(OptimizerKind::kGradientDescent);
  OptimizerState state;
  state.reset(spec, 3, {});
  std::vector<float> params = {1, -2, 0.5f};
  const std::vector<float> gradients = {0.5f, -1, 4};
  const double norm = optimizer_step(spec, 0.1, state, gradients, params);
  EXPECT_FLOAT_EQ(params[0], 0.95f);
  EXPECT_FLOAT_EQ(params[1], -1.9f);
  EXPECT_FLOAT_EQ(params[2], 0.1f);
  EXPECT_NEAR(norm, 0.1 * std::sqrt(0.25 + 1 + 16), 1e-6);
  // Far beyond what a float can hold squared.
  EXPECT_NEAR(euclidean_norm(std::vector<float>{3e30f, 4e30f}), 5e30, 1e24);
  EXPECT_NEAR(euclidean_norm(std::vector<float>(10001, 2e-30f)) / (2e-30 * std::sqrt(10001)), 1, 1e-6);
}

NetSpec net_with_batch_norm() {
  NetSpec spec{"small", {1, 8, 8}, 2, {}};
  spec.layers.push_back(
      {.kind = LayerKind::kConvolution, .name = "conv", .out_channels = 5, .kernel = 3, .padding = 1});
  spec.layers.push_back({.kind = LayerKind::kBatchNorm, .name = "norm"});
  spec.layers.push_back({.kind = LayerKind::kGlobalAveragePool, .name = "gap"});
  spec.layers.push_back({.kind = LayerKind::kDense, .name = "dense", .out_channels = 2});
  return spec;
}

TEST(WeightDecay, LeavesBiasesAndBatchNormAlone) {
  const ParamLayout layout = ParamLayout::of(net_with_batch_norm());
  for (const std::string& name : optimizer_names()) {
    OptimizerSpec spec = default_of(optimizer_by_name(name).value());
    spec.weight_decay = 0.5;
    OptimizerState state;
    state.reset(spec, layout.floats, parameter_ranges(layout));
    std::vector<float> params(layout.floats, 1.0f);
    const std::vector<float> no_gradients(layout.floats, 0.0f);
    optimizer_step(spec, 0.1, state, no_gradients, params);
    for (const ParamTensor& tensor : layout.tensors)
      for (const float value : std::span(params).subspan(tensor.offset, tensor.count)) {
        if (tensor.kind == ParamKind::kWeight)
          ASSERT_LT(value, 1.0f) << name << " " << tensor.name;
        else
          ASSERT_EQ(value, 1.0f) << name << " " << tensor.name;
      }
  }
}

TEST(WeightDecay, ReachesTheWeightsOfAProgram) {
  auto backend = make_cpu_backend(2);
  ASSERT_TRUE(backend.ok());
  auto program = (*backend)->compile(ct_small({1, 16, 16}, 2), 4);
  ASSERT_TRUE(program.ok());
  const ParamLayout& layout = (*program)->layout();
  std::vector<float> before(layout.floats), after(layout.floats), gradients(layout.floats);
  ASSERT_TRUE(initialise(layout, "he", 1, 1, before).ok());
  for (const ParamTensor& tensor : layout.tensors)  // biases too must have something to lose
    for (std::size_t i = 0; i < tensor.count; ++i) before[tensor.offset + i] += 0.125f;
  std::vector<float> pixels(4 * 256);
  for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = std::sin(0.1f * static_cast<float>(i));
  (*program)->set_data(pixels, std::vector<std::int32_t>{0, 1, 0, 1});
  (*program)->write_params(before);
  OptimizerSpec spec = default_of(OptimizerKind::kGradientDescent);
  spec.weight_decay = 0.2;
  (*program)->set_optimizer(spec);
  (*program)->train_step(std::vector<std::int32_t>{0, 1, 2, 3}, 0.05);
  (*program)->read_params(after);
  (*program)->read_gradients(gradients);
  for (const ParamTensor& tensor : layout.tensors)
    for (std::size_t i = tensor.offset; i < tensor.offset + tensor.count; ++i) {
      const float decay = tensor.kind == ParamKind::kWeight ? 0.2f : 0.0f;
      ASSERT_NEAR(after[i], before[i] - 0.05f * (gradients[i] + decay * before[i]), 1e-6) << tensor.name;
    }
}

TEST(OptimizerTable, NamesAllAndListsThemInErrors) {
  for (const char* kept : {"gradient-descent", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw",
                           "qhm", "qhadam"})  // scenes and checkpoints say them
    EXPECT_NE(std::ranges::find(optimizer_names(), kept), optimizer_names().end()) << kept;
  for (const std::string& name : optimizer_names())
    EXPECT_EQ(optimizer_name(optimizer_by_name(name).value()), name);
  const auto result = optimizer_by_name("adm");
  ASSERT_FALSE(result.ok());
  for (const std::string& name : optimizer_names())
    EXPECT_NE(result.error().message.find(name), std::string::npos) << result.error().message;
}

TEST(OptimizerTable, DefaultsAreThoseOfTheMethodsAuthors) {
  EXPECT_EQ(default_of(OptimizerKind::kAdam), OptimizerSpec{});
  EXPECT_EQ(default_of(OptimizerKind::kMomentum).beta1, 0.9);
  EXPECT_EQ(default_of(OptimizerKind::kRmsProp).beta2, 0.99);
  EXPECT_EQ(default_of(OptimizerKind::kQhm).beta1, 0.999);
  EXPECT_EQ(default_of(OptimizerKind::kQhm).nu1, 0.7);
  EXPECT_EQ(default_of(OptimizerKind::kQhAdam).beta1, 0.995);
}

TEST(OptimizerTable, AnotherKindKeepsWhatWasSetAndTakesItsOwnDefaultsElsewhere) {
  OptimizerSpec scene;
  scene.weight_decay = 1e-3;
  const OptimizerSpec other = with_kind(scene, OptimizerKind::kRmsProp);
  EXPECT_EQ(other.kind, OptimizerKind::kRmsProp);
  EXPECT_EQ(other.beta2, 0.99);
  EXPECT_EQ(other.weight_decay, 1e-3);
  EXPECT_EQ(with_kind(scene, OptimizerKind::kAdam), scene);
}

}  // namespace
}  // namespace fl
