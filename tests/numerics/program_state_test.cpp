// A program's state, taken out and put into another one: training goes on with the same bytes.
#include <gtest/gtest.h>

#include "trainer/base/random.h"
#include "trainer/compute/backend.h"
#include "trainer/net/init.h"

namespace fl {
namespace {

constexpr int kImages = 20;
constexpr std::uint64_t kSeed = 7;

// All that has a state: weights, a batch norm, dropouts.
NetSpec tiny_net() {
  return {"tiny",
          {1, 8, 8},
          3,
          {{.kind = LayerKind::kConvolution, .name = "conv", .out_channels = 4, .kernel = 3},
           {.kind = LayerKind::kBatchNorm, .name = "norm"},
           {.kind = LayerKind::kRelu, .name = "relu"},
           {.kind = LayerKind::kDropout, .name = "drop1", .rate = 0.2},
           {.kind = LayerKind::kDense, .name = "dense1", .out_channels = 8},
           {.kind = LayerKind::kDropout, .name = "drop2", .rate = 0.4},
           {.kind = LayerKind::kDense, .name = "dense2", .out_channels = 3}}};
}

std::unique_ptr<Program> make_program(const OptimizerSpec& optimizer) {
  const NetSpec spec = tiny_net();
  auto backend = make_cpu_backend(2);
  auto program = *(*backend)->compile(spec, 8);
  RandomStream random(3, StreamId::kTest);
  std::vector<float> pixels(kImages * spec.input.floats());
  for (float& value : pixels) value = static_cast<float>(random.normal());
  std::vector<std::int32_t> labels;
  for (std::int32_t i = 0; i < kImages; ++i) labels.push_back(i % 3);
  program->set_data(pixels, labels);
  std::vector<float> params(program->layout().floats);
  EXPECT_TRUE(initialise(program->layout(), "he", 1, 1, params).ok());
  program->write_params(params);
  program->set_seed(kSeed);
  program->set_optimizer(optimizer);
  return program;
}

void train(Trainer& program, int first_step, int end_step) {
  for (int step = first_step; step < end_step; ++step) {
    std::vector<std::int32_t> batch;
    for (std::int32_t i = 0; i < (step % 3 == 2 ? 4 : 8); ++i) batch.push_back((step * 7 + i * 3) % kImages);
    program.train_step(batch, 0.01);
  }
}

void expect_equal(const ProgramState& a, const ProgramState& b) {
  EXPECT_EQ(a.params, b.params);
  EXPECT_EQ(a.statistics, b.statistics);
  EXPECT_EQ(a.optimizer_arrays, b.optimizer_arrays);
  EXPECT_EQ(a.optimizer_steps, b.optimizer_steps);
  EXPECT_EQ(a.updates, b.updates);
}

class ProgramStates : public testing::TestWithParam<std::string> {};

TEST_P(ProgramStates, GoOnWithTheSameBytes) {
  OptimizerSpec optimizer = optimizer_info(*optimizer_by_name(GetParam())).defaults;
  optimizer.weight_decay = 0.01;
  auto whole = make_program(optimizer), first = make_program(optimizer), second = make_program(optimizer);
  train(*whole, 0, 11);
  train(*first, 0, 5);
  train(*second, 0, 2);  // what it was before must not matter
  second->set_seed(kSeed);
  second->set_optimizer(optimizer);
  second->restore_state(first->save_state());
  expect_equal(second->save_state(), first->save_state());
  train(*second, 5, 11);
  expect_equal(second->save_state(), whole->save_state());
  EXPECT_EQ(whole->save_state().updates, 11);
}

INSTANTIATE_TEST_SUITE_P(Optimizers, ProgramStates, testing::ValuesIn(optimizer_names()),
                         [](const auto& test) {
                           std::string name = test.param;
                           std::erase(name, '-');
                           return name;
                         });

// Gradient descent remembers nothing, so setting it anew may change nothing either; least of all may dropout
// draw its first masks again.
TEST(Dropout, DrawsOnWhenTheOptimizerIsSetAnew) {
  const OptimizerSpec descent{.kind = OptimizerKind::kGradientDescent};
  auto whole = make_program(descent), switched = make_program(descent);
  train(*whole, 0, 6);
  train(*switched, 0, 3);
  switched->set_optimizer(descent);
  train(*switched, 3, 6);
  EXPECT_EQ(switched->save_state().params, whole->save_state().params);
  EXPECT_EQ(switched->save_state().optimizer_steps, 3);
}

TEST(Dropout, StartsAnewWithItsSeed) {
  const OptimizerSpec descent{.kind = OptimizerKind::kGradientDescent};
  auto fresh = make_program(descent), used = make_program(descent);
  const ProgramState start = fresh->save_state();
  train(*used, 0, 3);
  used->set_seed(kSeed);
  EXPECT_EQ(used->save_state().updates, 0);
  used->restore_state(start);
  train(*fresh, 0, 3);
  train(*used, 0, 3);
  EXPECT_EQ(used->save_state().params, fresh->save_state().params);
}

}  // namespace
}  // namespace fl
