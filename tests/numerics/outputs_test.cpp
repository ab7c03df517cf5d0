// Networks with several outputs: losses and gradients from finite differences in double over plain loops to
// the backend.
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/gradient_problem.h"
#include "tests/support/reference_net.h"
#include "tests/support/small_nets.h"
#include "trainer/compute/backend.h"
#include "trainer/compute/kernels/target_kernels.h"

namespace fl {
namespace {

using test::make_problem;
using test::make_targets;
using test::Problem;
using test::ReferenceNet;
using test::relative_error;
using test::several_outputs;
using test::widen;

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
