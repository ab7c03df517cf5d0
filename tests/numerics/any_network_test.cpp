// Scenes may list any network: many at random, oneDNN against the plain loops. And losses that are weighted
// by class, from finite differences in double to oneDNN.
#include <gtest/gtest.h>

#include "tests/support/gradient_problem.h"
#include "tests/support/reference_net.h"
#include "trainer/compute/backend.h"
#include "trainer/net/layer_list.h"

namespace fl {
namespace {

using test::make_problem;
using test::Problem;
using test::ReferenceNet;
using test::relative_error;
using test::widen;

// One layer of a random kind for an input of `shape`; the chain's own shape is found by layer_shapes().
std::string random_layer(RandomStream& random, int earlier) {
  const auto number = [&](std::uint32_t low, std::uint32_t high) {
    return std::to_string(low + random.below(high - low + 1));
  };
  const auto own_margins = [&] { return random.below(3) == 0 ? ", padding_end = 0" : ""; };
  switch (random.below(11)) {
    case 0:
    case 1:
      return "{kind = 'convolution', channels = " + number(1, 9) + ", kernel = " + number(1, 4) +
             ", stride = " + number(1, 2) + ", bias = " + (random.below(2) == 0 ? "true" : "false") +
             own_margins() + "}";
    case 2:
      return "{kind = 'depthwise', kernel = " + number(1, 3) + ", stride = " + number(1, 2) + own_margins() +
             "}";
    case 3:
      return "{kind = 'batch-norm'}";
    case 4:
      return "{kind = 'relu'}";
    case 5:
      return "{kind = 'relu6'}";
    case 6:
      return "{kind = 'max-pool', kernel = 2, stride = " + number(1, 2) + "}";
    case 7:
      return "{kind = 'average-pool', kernel = 3, padding = 1, stride = " + number(1, 2) + "}";
    case 8:
      return "{kind = 'dropout', rate = 0.0}";
    case 9:
      return random.below(4) == 0 ? "{kind = 'global-average-pool'}" : "{kind = 'relu'}";
    default:
      return earlier == 0
                 ? "{kind = 'relu'}"
                 : "{kind = 'add', with = 'l" + number(0, static_cast<std::uint32_t>(earlier) - 1) + "'}";
  }
}

// A random list whose layers all fit: those that do not are drawn again.
std::string random_list(RandomStream& random, TensorShape image) {
  std::string text;
  const int length = 2 + static_cast<int>(random.below(9));
  for (int i = 0, tries = 0; i < length && tries < 200; ++tries) {
    std::string layer = random_layer(random, i);
    layer.insert(1, "name = 'l" + std::to_string(i) + "', ");
    const std::string longer = text + layer + ",\n";
    const auto parsed = toml::parse("layers = [\n" + longer + "{kind = 'dense'}]");
    std::vector<const toml::table*> tables;
    for (const toml::node& node : *parsed["layers"].as_array()) tables.push_back(node.as_table());
    auto layers = parse_layers(tables);
    if (!layers || !listed_network(*std::move(layers), image, 3)) continue;
    text = longer;
    ++i;
  }
  return text;
}

TEST(AnyNetwork, OneDnnMatchesPlainLoops) {
  auto backend = make_cpu_backend(2);
  ASSERT_TRUE(backend.ok());
  int adds = 0, norms = 0;
  for (std::uint32_t i = 0; i < 80; ++i) {
    RandomStream random(17, StreamId::kTest, i);
    const TensorShape image{1 + static_cast<int>(random.below(3)), 9, 8};
    const std::string text = "layers = [\n" + random_list(random, image) + "{kind = 'dense'}]";
    const auto parsed = toml::parse(text);
    std::vector<const toml::table*> tables;
    for (const toml::node& node : *parsed["layers"].as_array()) tables.push_back(node.as_table());
    const NetSpec spec = listed_network(parse_layers(tables).value(), image, 3).value();
    adds += spec.has(LayerKind::kAdd) ? 1 : 0;
    norms += spec.has(LayerKind::kBatchNorm) ? 1 : 0;

    const Problem problem = make_problem(spec, 5, 100 + i);
    ReferenceNet net(spec);
    std::vector<double> expected(problem.params.size());
    const double loss = net.loss(widen(problem.params), widen(problem.images), problem.labels, expected);
    auto program = (*backend)->compile(spec, 5);
    ASSERT_TRUE(program.ok()) << text;
    (*program)->set_data(problem.images, problem.labels);
    (*program)->write_params(problem.params);
    const std::vector<std::int32_t> all = {0, 1, 2, 3, 4};
    EXPECT_NEAR((*program)->forward_backward(all).loss, loss, 1e-4 * loss) << text;
    std::vector<float> gradients(problem.params.size());
    (*program)->read_gradients(gradients);
    EXPECT_LT(relative_error(gradients, expected), 1e-6) << text;
    EXPECT_NEAR((*program)->evaluate(all, {}, NormStatistics::kReestimated).batch.loss, loss, 1e-4 * loss)
        << text;

    // With running statistics of any values.
    std::vector<float> statistics((*program)->layout().statistic_floats);
    for (float& value : statistics) value = static_cast<float>(random.uniform(0.5, 2));
    (*program)->write_statistics(statistics);
    net.set_statistics(widen(statistics));
    const double running = net.loss(widen(problem.params), widen(problem.images), problem.labels);
    EXPECT_NEAR((*program)->evaluate(all, {}).batch.loss, running, 1e-4 * running) << text;
    EXPECT_TRUE(std::isfinite((*program)->train_step(all, 1e-3).update_norm)) << text;
  }
  EXPECT_GT(adds, 10);
  EXPECT_GT(norms, 10);
}

NetSpec weighted_net() {
  NetSpec spec{"weighted", {1, 6, 6}, 3, {}};
  spec.layers = {{.kind = LayerKind::kConvolution, .name = "c", .out_channels = 3, .kernel = 3},
                 {.kind = LayerKind::kRelu, .name = "r"},
                 {.kind = LayerKind::kDense, .name = "d", .out_channels = 3}};
  return spec;
}

TEST(ClassWeights, GradientMatchesFiniteDifferencesInDouble) {
  const Problem problem = make_problem(weighted_net(), 6, 3);
  ReferenceNet net(problem.spec);
  net.set_class_weights({0.25, 3.5, 1.5});
  std::vector<double> params = widen(problem.params), gradients(params.size());
  const auto images = widen(problem.images);
  net.loss(params, images, problem.labels, gradients);
  for (const ParamTensor& tensor : net.layout().tensors)
    for (std::size_t i = tensor.offset; i < tensor.offset + tensor.count; ++i) {
      const double keep = params[i], h = 1e-6;
      params[i] = keep + h;
      const double up = net.loss(params, images, problem.labels);
      params[i] = keep - h;
      const double down = net.loss(params, images, problem.labels);
      params[i] = keep;
      EXPECT_NEAR(gradients[i], (up - down) / (2 * h), 2e-8) << tensor.name;
    }
}

TEST(ClassWeights, MultiplyLossAndGradientOfTrainingAndNothingElse) {
  const Problem problem = make_problem(weighted_net(), 6, 3);
  auto backend = make_cpu_backend(2);
  auto program = (*backend)->compile(problem.spec, 6).value();
  program->set_data(problem.images, problem.labels);
  program->write_params(problem.params);
  const std::vector<std::int32_t> all = {0, 1, 2, 3, 4, 5};
  std::vector<float> plain(problem.params.size()), gradients(problem.params.size());
  const double unweighted = program->forward_backward(all).loss;
  program->read_gradients(plain);

  ReferenceNet net(problem.spec);
  net.set_class_weights({0.25, 3.5, 1.5});
  std::vector<double> expected(problem.params.size());
  const double loss = net.loss(widen(problem.params), widen(problem.images), problem.labels, expected);
  program->set_class_weights(std::vector<float>{0.25f, 3.5f, 1.5f});
  const BatchResult result = program->forward_backward(all);
  program->read_gradients(gradients);
  EXPECT_NEAR(result.loss, loss, 1e-5 * loss);
  EXPECT_GT(std::abs(result.loss - unweighted), 1e-3);
  EXPECT_LT(relative_error(gradients, expected), 1e-9);
  EXPECT_NEAR(program->evaluate(all, {}).batch.loss, unweighted, 1e-5) << "evaluation does not weigh";

  program->set_class_weights(std::vector<float>{1, 1, 1});
  EXPECT_EQ(program->forward_backward(all).loss, unweighted) << "weights of 1 change no bit";
  program->read_gradients(gradients);
  EXPECT_EQ(gradients, plain);
  program->set_class_weights({});
  program->forward_backward(all);
  program->read_gradients(gradients);
  EXPECT_EQ(gradients, plain);
}

}  // namespace
}  // namespace fl
