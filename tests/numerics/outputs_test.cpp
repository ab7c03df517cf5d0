// Networks with several outputs: losses and gradients from finite differences in double over plain loops to
// the backend.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/gradient_problem.h"
#include "tests/support/reference_net.h"
#include "trainer/compute/backend.h"
#include "trainer/compute/kernels/target_kernels.h"

namespace fl {
namespace {

using test::make_problem;
using test::Problem;
using test::ReferenceNet;
using test::relative_error;
using test::widen;

// A map of sigmoids and one of softmaxes below, yes-or-no answers and classes on top; one output that layers
// read as well, behind which a ReLU must not change it.
NetSpec several_outputs() {
  NetSpec spec{"several", {2, 8, 8}, 0, {}};
  spec.layers = {
      {.kind = LayerKind::kConvolution, .name = "c1", .out_channels = 6, .kernel = 3, .padding = 1},
      {.kind = LayerKind::kBatchNorm, .name = "n1"},
      {.kind = LayerKind::kRelu, .name = "r1"},
      {.kind = LayerKind::kConvolution, .name = "map", .out_channels = 3, .kernel = 1},
      {.kind = LayerKind::kConvolution,
       .name = "parts",
       .input = 2,
       .out_channels = 4,
       .kernel = 2,
       .stride = 2},
      {.kind = LayerKind::kRelu, .name = "r2"},
      {.kind = LayerKind::kConvolution, .name = "c2", .out_channels = 5, .kernel = 3, .padding = 1},
      {.kind = LayerKind::kRelu, .name = "r3"},
      {.kind = LayerKind::kGlobalAveragePool, .name = "gap"},
      {.kind = LayerKind::kDense, .name = "answers", .out_channels = 4},
      {.kind = LayerKind::kDense, .name = "level", .input = 8, .out_channels = 3},
  };
  spec.outputs = {{3, LossKind::kSigmoid, 2},
                  {4, LossKind::kSoftmax, 0.5},
                  {9, LossKind::kSigmoid, 1},
                  {10, LossKind::kSoftmax, 0.7}};
  spec.classes = 3 * 64 + 4 * 16 + 4 + 3;
  return spec;
}

std::vector<float> make_targets(const NetSpec& spec, std::size_t images) {
  RandomStream random(5, StreamId::kTest, 9);
  const std::vector<TensorShape> shapes = layer_shapes(spec).value();
  std::vector<float> targets;
  for (std::size_t n = 0; n < images; ++n)
    for (const OutputSpec& output : spec.outputs) {
      const TensorShape s = shapes[static_cast<std::size_t>(output.layer)];
      const auto channels = static_cast<std::size_t>(s.channels), pixels = s.floats() / channels;
      const std::size_t begin = targets.size();
      for (std::size_t i = 0; i < s.floats(); ++i) targets.push_back(static_cast<float>(random.uniform()));
      if (output.loss == LossKind::kSigmoid) continue;
      for (std::size_t p = 0; p < pixels; ++p) {
        float sum = 0;
        for (std::size_t c = 0; c < channels; ++c) sum += targets[begin + c * pixels + p];
        for (std::size_t c = 0; c < channels; ++c) targets[begin + c * pixels + p] /= sum;
      }
    }
  return targets;
}

TEST(Outputs, PlainLoopsMatchFiniteDifferencesInDouble) {
  const NetSpec spec = several_outputs();
  const Problem problem = make_problem(spec, 2, 17);
  const std::vector<double> images = widen(problem.images), targets = widen(make_targets(spec, 2));
  ReferenceNet net(spec);
  std::vector<double> params = widen(problem.params), gradients(params.size());
  net.target_loss(params, images, targets, gradients);
  for (const ParamTensor& tensor : net.layout().tensors)
    for (std::size_t i = tensor.offset; i < tensor.offset + tensor.count; ++i) {
      const double keep = params[i], h = 1e-6;
      params[i] = keep + h;
      const double up = net.target_loss(params, images, targets);
      params[i] = keep - h;
      const double down = net.target_loss(params, images, targets);
      params[i] = keep;
      EXPECT_NEAR(gradients[i], (up - down) / (2 * h), 2e-8) << tensor.name << " " << i - tensor.offset;
    }
}

TEST(Outputs, OneDnnMatchesPlainLoops) {
  const NetSpec spec = several_outputs();
  const Problem problem = make_problem(spec, 6, 18);
  const std::vector<float> targets = make_targets(spec, 6);
  ReferenceNet net(spec);
  std::vector<double> expected(problem.params.size());
  const double loss = net.target_loss(widen(problem.params), widen(problem.images), widen(targets), expected);
  auto backend = make_cpu_backend(2);
  auto program = (*backend)->compile(spec, 6);
  ASSERT_TRUE(program.ok());
  (*program)->set_data(problem.images, std::vector<std::int32_t>(6, 0));
  (*program)->set_targets(targets);
  (*program)->write_params(problem.params);
  const std::vector<std::int32_t> order = {0, 1, 2, 3, 4, 5};
  EXPECT_NEAR((*program)->forward_backward(order).loss, loss, 1e-5 * loss);
  std::vector<float> gradients(problem.params.size());
  (*program)->read_gradients(gradients);
  EXPECT_LT(relative_error(gradients, expected), 1e-9);

  // Evaluated, with the batch's own statistics; each output says what its loss takes it to say.
  const auto row = static_cast<std::size_t>(spec.classes);
  std::vector<float> says(6 * row);
  EXPECT_NEAR((*program)->evaluate(order, says, NormStatistics::kReestimated).batch.loss, loss, 1e-5 * loss);
  const auto& values = net.forward(widen(problem.params), widen(problem.images));
  EXPECT_NEAR(says[row + 5], 1 / (1 + std::exp(-values[3][192 + 5])), 1e-5);
  double levels = 0;
  for (std::size_t c = 0; c < 3; ++c) levels += static_cast<double>(says[2 * row - 3 + c]);
  EXPECT_NEAR(levels, 1, 1e-6);
  EXPECT_NEAR(static_cast<double>(says[2 * row - 2]) / static_cast<double>(says[2 * row - 1]),
              std::exp(values[10][4] - values[10][5]), 1e-3);
}

// Exact where exp() of the logit is not, and no number where the logit is none.
TEST(Outputs, LossesOfLargeLogits) {
  const auto sigmoid = [](double z, double t) {
    double says = 0;
    return kernels::sigmoid_loss(&z, &t, 1, &says);
  };
  EXPECT_DOUBLE_EQ(sigmoid(800, 0), 800);
  EXPECT_DOUBLE_EQ(sigmoid(-800, 1), 800);
  EXPECT_DOUBLE_EQ(sigmoid(0, 0.5), std::log(2.0));
  EXPECT_GT(sigmoid(-40, 0), 0);
  EXPECT_FALSE(std::isfinite(sigmoid(std::nan(""), 0)));
  const double logits[] = {1000, 0}, targets[] = {0, 1};
  double says[2];
  EXPECT_DOUBLE_EQ(kernels::softmax_loss(logits, targets, 2, 1, says), 1000);
}

TEST(Outputs, RefusesWhatCannotBe) {
  NetSpec spec = several_outputs();
  std::swap(spec.outputs[0], spec.outputs[1]);
  EXPECT_NE(layer_shapes(spec).error().message.find("in their order"), std::string::npos);
  spec = several_outputs();
  spec.classes = 3;
  EXPECT_NE(layer_shapes(spec).error().message.find("not 3"), std::string::npos);
  spec = several_outputs();
  spec.outputs.pop_back();
  spec.classes -= 3;
  EXPECT_NE(layer_shapes(spec).error().message.find("level"), std::string::npos);
}

}  // namespace
}  // namespace fl
