// The chain of trust for gradients: finite differences in double -> plain loops in double -> oneDNN.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/support/gradient_problem.h"
#include "tests/support/reference_net.h"
#include "tests/support/small_nets.h"
#include "trainer/base/random.h"
#include "trainer/compute/backend.h"
#include "trainer/compute/kernels/softmax_kernels.h"
#include "trainer/net/init.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

using test::averaged_net;
using test::make_problem;
using test::mixed_net;
using test::Problem;
using test::ReferenceNet;
using test::relative_error;
using test::residual_net;
using test::widen;

class Gradients : public testing::TestWithParam<NetSpec> {};

TEST_P(Gradients, PlainLoopsMatchFiniteDifferencesInDouble) {
  const Problem problem = make_problem(GetParam(), 3, 11);
  ReferenceNet net(problem.spec);
  std::vector<double> params = widen(problem.params);
  const std::vector<double> images = widen(problem.images);
  std::vector<double> gradients(params.size());
  net.loss(params, images, problem.labels, gradients);

  for (const ParamTensor& tensor : net.layout().tensors) {
    for (std::size_t k = 0; k < tensor.count; ++k) {
      const std::size_t i = tensor.offset + k;
      const double keep = params[i], h = 1e-6;
      params[i] = keep + h;
      const double up = net.loss(params, images, problem.labels);
      params[i] = keep - h;
      const double down = net.loss(params, images, problem.labels);
      params[i] = keep;
      EXPECT_NEAR(gradients[i], (up - down) / (2 * h), 2e-8) << tensor.name << "[" << k << "]";
    }
  }
}

TEST_P(Gradients, OneDnnMatchesPlainLoops) {
  const Problem problem = make_problem(GetParam(), 6, 12);
  ReferenceNet net(problem.spec);
  std::vector<double> expected(problem.params.size());
  const double expected_loss =
      net.loss(widen(problem.params), widen(problem.images), problem.labels, expected);

  auto backend = make_cpu_backend(2);
  ASSERT_TRUE(backend.ok());
  auto program = (*backend)->compile(problem.spec, 6);
  ASSERT_TRUE(program.ok());
  (*program)->set_data(problem.images, problem.labels);
  (*program)->write_params(problem.params);
  const std::vector<std::int32_t> order = {0, 1, 2, 3, 4, 5};
  const BatchResult result = (*program)->forward_backward(order);
  std::vector<float> gradients(problem.params.size());
  (*program)->read_gradients(gradients);

  EXPECT_NEAR(result.loss, expected_loss, 1e-5 * std::abs(expected_loss));
  EXPECT_LT(relative_error(gradients, expected), 1e-9);
}

INSTANTIATE_TEST_SUITE_P(Nets, Gradients,
                         testing::Values(mixed_net(), averaged_net(), residual_net(), test::margins_net(),
                                         test::parts_net(), test::clipped_net()),
                         [](const auto& test) { return test.param.name; });

// The label's probability counts as what is nearest to it in [clip, 1 - clip]; beyond, nothing moves the
// loss.
TEST(ClippedLoss, IsFlatBeyondTheClip) {
  const auto loss = [](double own, double clip) {
    const double logits[] = {own, 0};
    double probabilities[2];
    return kernels::softmax_cross_entropy(logits, 0, 2, probabilities, clip);
  };
  const double clip = 1e-7;
  for (const double own : {-15.0, 0.0, 3.0, 15.0}) {
    EXPECT_EQ(loss(own, clip).loss, loss(own, 0).loss) << own;
    EXPECT_EQ(loss(own, clip).slope, 1) << own;
  }
  EXPECT_EQ(loss(-40, clip).loss, -std::log(clip));
  EXPECT_EQ(loss(40, clip).loss, -std::log(1 - clip));
  for (const double own : {-40.0, 40.0}) {
    EXPECT_EQ(loss(own, clip).slope, 0);
    EXPECT_EQ(loss(own, 0).slope, 1);
  }
  // What has diverged does not look as if it had not.
  for (const double own : {std::nan(""), -std::numeric_limits<double>::infinity()}) {
    EXPECT_FALSE(std::isfinite(loss(own, clip).loss));
    EXPECT_EQ(loss(own, clip).prediction, own == own ? loss(own, 0).prediction : -1);
  }
}

TEST(ClippedLoss, SomeImagesOfTheTestsAreBeyondAndSomeAreNot) {
  const Problem problem = make_problem(test::clipped_net(), 6, 12);
  ReferenceNet net(problem.spec);
  std::vector<double> logits = net.forward(widen(problem.params), widen(problem.images)).back();
  int flat = 0;
  for (std::size_t i = 0; i < 6; ++i) {
    double* row = logits.data() + 3 * i;
    flat += kernels::softmax_cross_entropy(row, problem.labels[i], 3, row, 0.3).slope == 0 ? 1 : 0;
  }
  EXPECT_GT(flat, 0);
  EXPECT_LT(flat, 6);
}

// ReLU6 is cut off on both sides, and dropout's masks reach forward and backward alike.
TEST(Dropout, MasksAreSeededScaledAndUsedBothWays) {
  NetSpec spec{"dropout", {1, 4, 4}, 2, {}};
  spec.layers = {{.kind = LayerKind::kDense, .name = "d1", .out_channels = 40},
                 {.kind = LayerKind::kDropout, .name = "drop", .rate = 0.25},
                 {.kind = LayerKind::kDense, .name = "d2", .out_channels = 2}};
  const Problem problem = make_problem(spec, 8, 21);
  auto backend = make_cpu_backend(2);
  auto program = (*backend)->compile(spec, 8);
  (*program)->set_data(problem.images, problem.labels);
  (*program)->write_params(problem.params);
  (*program)->set_seed(77);
  const std::vector<std::int32_t> order = {0, 1, 2, 3, 4, 5, 6, 7};
  const BatchResult result = (*program)->forward_backward(order);
  std::vector<float> gradients(problem.params.size()), again(problem.params.size());
  (*program)->read_gradients(gradients);
  (*program)->forward_backward(order);
  (*program)->read_gradients(again);
  EXPECT_EQ(gradients, again) << "the same step draws the same masks";
  (*program)->set_seed(78);
  (*program)->forward_backward(order);
  (*program)->read_gradients(again);
  EXPECT_NE(gradients, again);

  // The masks, drawn once more as documented, in the plain loops.
  std::vector<double> mask(8 * 40);
  RandomStream random(77, StreamId::kDropout, 0 * 64 + 1);
  int dropped = 0;
  for (double& m : mask) {
    m = random.uniform() < 0.25 ? 0 : 1 / 0.75;
    dropped += m == 0 ? 1 : 0;
  }
  EXPECT_NEAR(dropped / 320.0, 0.25, 0.08);
  ReferenceNet net(spec);
  net.set_mask(1, mask);
  std::vector<double> expected(problem.params.size());
  EXPECT_NEAR(result.loss, net.loss(widen(problem.params), widen(problem.images), problem.labels, expected),
              1e-5);
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(gradients[i], expected[i], 1e-5);

  // Evaluation drops nothing.
  ReferenceNet whole(spec);
  EXPECT_NEAR((*program)->evaluate(order, {}).batch.loss,
              whole.loss(widen(problem.params), widen(problem.images), problem.labels), 1e-5);
}

TEST(BatchNorm, RunningStatisticsFollowTrainingAndLandscapesReestimate) {
  const NetSpec spec = residual_net();
  const Problem problem = make_problem(spec, 6, 31);
  auto backend = make_cpu_backend(2);
  auto program = (*backend)->compile(spec, 6);
  (*program)->set_data(problem.images, problem.labels);
  (*program)->write_params(problem.params);
  const ParamLayout& layout = (*program)->layout();
  ASSERT_EQ(layout.statistics.size(), 6u);
  std::vector<float> before(layout.statistic_floats), after(layout.statistic_floats);
  (*program)->read_statistics(before);
  const std::vector<std::int32_t> order = {0, 1, 2, 3, 4, 5};
  (*program)->forward_backward(order);
  (*program)->read_statistics(after);
  EXPECT_EQ(before, after) << "only training moves them";

  // Re-estimated: the loss of the batch as training sees it; a slice's origin says the same.
  ReferenceNet net(spec);
  const double expected = net.loss(widen(problem.params), widen(problem.images), problem.labels);
  EXPECT_NEAR((*program)->evaluate(order, {}, NormStatistics::kReestimated).batch.loss, expected, 1e-5);
  std::vector<float> zero(layout.floats, 0.0f);
  (*program)->set_slice(order, problem.params, zero, zero);
  const SlicePoint origin;
  double loss = 0;
  (*program)->evaluate_slice({&origin, 1}, {&loss, 1});
  EXPECT_NEAR(loss, expected, 1e-5);
  (*program)->read_statistics(after);
  EXPECT_EQ(before, after) << "a landscape never writes the run's statistics";

  // The first norm's statistics after one step: 0.9 old + 0.1 batch, the variance unbiased.
  const auto params = widen(problem.params);
  const auto images = widen(problem.images);
  const auto values = net.forward(params, images).front();
  (*program)->train_step(order, 0.0);
  (*program)->read_statistics(after);
  const ParamTensor& mean = *layout.find("n0.mean");
  const ParamTensor& variance = *layout.find("n0.variance");
  for (std::size_t c = 0; c < 4; ++c) {
    double sum = 0, squares = 0;
    for (std::size_t n = 0; n < 6; ++n)
      for (std::size_t p = 0; p < 64; ++p) {
        const double x = values[(n * 4 + c) * 64 + p];
        sum += x;
        squares += x * x;
      }
    const double m = 6 * 64;
    EXPECT_NEAR(after[mean.offset + c], 0.1 * sum / m, 1e-5);
    EXPECT_NEAR(after[variance.offset + c], 0.9 + 0.1 * (squares - sum * sum / m) / (m - 1), 1e-5);
  }
}

// The networks that scenes name, whole: oneDNN against the plain loops.
class Networks : public testing::TestWithParam<const char*> {};

TEST_P(Networks, OneDnnMatchesPlainLoops) {
  const NetSpec spec = make_network(GetParam(), {1, 16, 16}, 3).value();
  const Problem problem = make_problem(spec, 4, 8);
  ReferenceNet net(spec);
  std::vector<double> expected(problem.params.size());
  const double loss = net.loss(widen(problem.params), widen(problem.images), problem.labels, expected);
  auto backend = make_cpu_backend(2);
  auto program = (*backend)->compile(spec, 4);
  (*program)->set_data(problem.images, problem.labels);
  (*program)->write_params(problem.params);
  EXPECT_NEAR((*program)->forward_backward(std::vector<std::int32_t>{0, 1, 2, 3}).loss, loss, 1e-4 * loss);
  std::vector<float> gradients(problem.params.size());
  (*program)->read_gradients(gradients);
  EXPECT_LT(relative_error(gradients, expected), 1e-8);
}

INSTANTIATE_TEST_SUITE_P(Named, Networks, testing::Values("ct-small", "ct-resnet", "mlp"));

TEST(Networks, WithoutSkipsNothingIsAdded) {
  const NetSpec with = ct_resnet({1, 64, 64}, 2, true), without = ct_resnet({1, 64, 64}, 2, false);
  EXPECT_TRUE(with.has(LayerKind::kAdd));
  EXPECT_FALSE(without.has(LayerKind::kAdd));
  EXPECT_TRUE(layer_shapes(without).ok());
  EXPECT_FALSE(make_network("ct-smal", {1, 64, 64}, 2).ok());
  EXPECT_FALSE(make_network("ct-small", {1, 8, 8}, 2).ok()) << "too small for four poolings";
}

TEST(Networks, BlocksMakeItDeep) {
  const auto weighted = [](const NetSpec& net) {
    return std::ranges::count_if(net.layers, [](const LayerSpec& layer) {
      const bool shortcut = layer.name.ends_with(".shortcut");
      return !shortcut && (layer.kind == LayerKind::kConvolution || layer.kind == LayerKind::kDense);
    });
  };
  for (const bool skip : {true, false})
    for (const int blocks : {1, 2, 3, kMostBlocks}) {
      const NetSpec net = ct_resnet({1, 32, 32}, 2, skip, blocks);
      EXPECT_TRUE(layer_shapes(net).ok());
      EXPECT_EQ(weighted(net), 6 * blocks + 2);
      EXPECT_EQ(std::ranges::count(net.layers, LayerKind::kAdd, &LayerSpec::kind), skip ? 3 * blocks : 0);
      EXPECT_EQ(
          std::ranges::count_if(net.layers, [](const LayerSpec& layer) { return !layer.output.empty(); }), 5);
      EXPECT_LE(net.layers.size(), 200u) << "as many as a file may list";
    }
  EXPECT_EQ(ct_resnet({1, 32, 32}, 2, true, 1), ct_resnet({1, 32, 32}, 2, true));
}

// The reference network itself, at full size, in every batch size that training meets.
TEST(CtSmall, OneDnnMatchesPlainLoopsForwardAndBackward) {
  const NetSpec spec = ct_small({1, 64, 64}, 2);
  const Problem problem = make_problem(spec, 3, 5);
  ReferenceNet net(spec);
  std::vector<double> expected(problem.params.size());
  const double expected_loss =
      net.loss(widen(problem.params), widen(problem.images), problem.labels, expected);
  auto backend = make_cpu_backend(2);
  auto program = (*backend)->compile(spec, 16);
  ASSERT_TRUE(program.ok());
  (*program)->set_data(problem.images, problem.labels);
  (*program)->write_params(problem.params);
  const BatchResult result = (*program)->forward_backward(std::vector<std::int32_t>{0, 1, 2});
  std::vector<float> gradients(problem.params.size());
  (*program)->read_gradients(gradients);
  EXPECT_NEAR(result.loss, expected_loss, 1e-5);
  EXPECT_LT(relative_error(gradients, expected), 1e-9);

  // Activations: what the feature wall shows is what the plain loops compute.
  std::vector<int> layers;
  std::size_t floats = 0;
  const auto shapes = layer_shapes(spec).value();
  for (std::size_t l = 0; l < spec.layers.size(); ++l)
    if (!spec.layers[l].output.empty()) {
      layers.push_back(static_cast<int>(l));
      floats += shapes[l].floats();
    }
  ASSERT_EQ(layers.size(), 5u);
  std::vector<float> shown(floats);
  (*program)->activations(1, layers, shown);
  const auto params = widen(problem.params);
  const auto images = widen(problem.images);
  const auto& values =
      net.forward(params, std::span<const double>(images).subspan(spec.input.floats(), spec.input.floats()));
  std::size_t at = 0;
  for (const int l : layers)
    for (const double value : values[static_cast<std::size_t>(l)]) EXPECT_NEAR(shown[at++], value, 1e-4);
}

TEST(CtSmall, HasTheReferenceSize) {
  const ParamLayout layout = ParamLayout::of(ct_small({1, 64, 64}, 2));
  // 16*9+16 + 32*16*9+32 + 64*32*9+64 + 64*64*9+64 + 2*64+2
  EXPECT_EQ(layout.parameters, 160u + 4640u + 18496u + 36928u + 130u);
}

// f(a, b) of the slice against weights formed by hand and evaluated as any others.
TEST(Slice, EqualsPlainEvaluation) {
  const NetSpec spec = ct_small({1, 64, 64}, 2);
  const Problem problem = make_problem(spec, 40, 9);
  auto backend = make_cpu_backend(2);
  auto program = (*backend)->compile(spec, 16);
  (*program)->set_data(problem.images, problem.labels);
  std::vector<float> d1(problem.params.size()), d2(problem.params.size());
  RandomStream random(3, StreamId::kTest);
  for (const ParamTensor& tensor : (*program)->layout().tensors)
    for (std::size_t i = tensor.offset; i < tensor.offset + tensor.count; ++i) {
      d1[i] = static_cast<float>(random.normal(0, 0.05));
      d2[i] = static_cast<float>(random.normal(0, 0.05));
    }
  std::vector<std::int32_t> probe(40);
  for (std::size_t i = 0; i < probe.size(); ++i) probe[i] = static_cast<std::int32_t>(39 - i);
  (*program)->write_params(problem.params);
  (*program)->set_slice(probe, problem.params, d1, d2);
  const std::vector<SlicePoint> points = {{0, 0}, {1, 0}, {-0.7, 0.4}, {0.3, -1}};
  std::vector<double> losses(points.size());
  (*program)->evaluate_slice(points, losses);

  ReferenceNet net(spec);
  std::vector<double> images;
  std::vector<int> labels;
  for (const std::int32_t i : {0, 1, 2}) {
    const auto begin = problem.images.begin() +
                       static_cast<std::ptrdiff_t>(static_cast<std::size_t>(i) * spec.input.floats());
    images.insert(images.end(), begin, begin + static_cast<std::ptrdiff_t>(spec.input.floats()));
    labels.push_back(problem.labels[static_cast<std::size_t>(i)]);
  }
  for (std::size_t p = 0; p < points.size(); ++p) {
    std::vector<float> moved(problem.params.size());
    for (std::size_t i = 0; i < moved.size(); ++i)
      moved[i] = static_cast<float>(problem.params[i] + points[p].a * static_cast<double>(d1[i]) +
                                    points[p].b * static_cast<double>(d2[i]));
    (*program)->write_params(moved);
    const double plain = (*program)->evaluate(probe, {}).batch.loss;
    EXPECT_NEAR(losses[p], plain, 1e-5 * std::max(1.0, plain)) << "point " << p;
    // and once more against code that shares nothing with oneDNN
    (*program)->set_slice(std::vector<std::int32_t>{0, 1, 2}, problem.params, d1, d2);
    double few = 0;
    (*program)->evaluate_slice({&points[p], 1}, {&few, 1});
    const double reference = net.loss(widen(moved), images, labels);
    EXPECT_NEAR(few, reference, 1e-5 * std::max(1.0, reference)) << "point " << p;
  }
}

}  // namespace
}  // namespace fl
