// The chain of trust for curvatures: differences of gradients in double, a dense eigen-solver, and what is
// known of a Hessian whatever the network is.
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/support/gradient_problem.h"
#include "tests/support/reference_net.h"
#include "tests/support/small_nets.h"
#include "trainer/base/linear_algebra.h"
#include "trainer/curvature/hessian.h"
#include "trainer/curvature/lanczos.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

using test::make_problem;
using test::Problem;
using test::ReferenceNet;
using test::widen;
using Vector = std::vector<double>;

constexpr std::size_t kImages = 6;

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

template <typename T>
Hessian<T> hessian_of(const Problem& problem, Multiply<T> multiply) {
  const std::vector<float> statistics(ParamLayout::of(problem.spec).statistic_floats);
  return {problem.spec, multiply, {problem.params, statistics, problem.images, problem.labels}};
}

std::vector<std::uint8_t> places(const ParamLayout& layout) {
  std::vector<std::uint8_t> mask(layout.floats);
  for (const ParamTensor& tensor : layout.tensors)
    for (std::size_t i = 0; i < tensor.count; ++i) mask[tensor.offset + i] = 1;
  return mask;
}

Vector random_direction(const ParamLayout& layout, std::uint64_t seed) {
  RandomStream random(seed, StreamId::kTest);
  const auto mask = places(layout);
  Vector direction(layout.floats);
  for (std::size_t i = 0; i < direction.size(); ++i)
    if (mask[i] != 0) direction[i] = random.normal();
  return direction;
}

double distance(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += (a[i] - b[i]) * (a[i] - b[i]);
  return std::sqrt(sum);
}

NetSpec small_ct() {
  return make_network("ct-small", {1, 16, 16}, 2).value();
}

// Of lesson 1's kinds of layers, with few parameters: a dense matrix of them can be solved.
NetSpec tiny_net() {
  return {"tiny",
          {1, 8, 8},
          3,
          {{.kind = LayerKind::kConvolution, .name = "c1", .out_channels = 4, .kernel = 3, .padding = 1},
           {.kind = LayerKind::kRelu, .name = "r1"},
           {.kind = LayerKind::kMaxPool, .name = "p1", .kernel = 2, .stride = 2},
           {.kind = LayerKind::kConvolution, .name = "c2", .out_channels = 5, .kernel = 3, .padding = 1},
           {.kind = LayerKind::kRelu, .name = "r2"},
           {.kind = LayerKind::kGlobalAveragePool, .name = "g"},
           {.kind = LayerKind::kDense, .name = "d", .out_channels = 3}}};
}

// Batch norms, sums and what else a scene may list.
NetSpec summed_net() {
  return {"summed",
          {2, 8, 8},
          3,
          {{.kind = LayerKind::kConvolution,
            .name = "c0",
            .out_channels = 4,
            .kernel = 3,
            .stride = 2,
            .padding_end = 1,
            .bias = false},
           {.kind = LayerKind::kBatchNorm, .name = "n0"},
           {.kind = LayerKind::kRelu6, .name = "r0"},  // 2
           {.kind = LayerKind::kConvolution, .name = "c1", .out_channels = 4, .kernel = 3, .padding = 1},
           {.kind = LayerKind::kAdd, .name = "a", .input = 3, .second = 2},
           {.kind = LayerKind::kDropout, .name = "drop", .rate = 0.3},
           {.kind = LayerKind::kAveragePool, .name = "p", .kernel = 3, .stride = 2, .padding = 1},
           {.kind = LayerKind::kDense, .name = "d1", .out_channels = 6, .bias = false},
           {.kind = LayerKind::kRelu, .name = "r1"},
           {.kind = LayerKind::kDense, .name = "d2", .out_channels = 3}}};
}

class Curvatures : public testing::TestWithParam<NetSpec> {};

TEST_P(Curvatures, GradientsAreThoseOfPlainLoops) {
  const Problem problem = make_problem(GetParam(), kImages, 3);
  auto hessian = hessian_of<double>(problem, plain_multiply<double>);
  Vector gradient(hessian.size()), expected(hessian.size()), product(hessian.size());
  const double loss = hessian.multiply(Vector(hessian.size()), product, gradient);
  ReferenceNet net(problem.spec);
  EXPECT_NEAR(loss, net.loss(widen(problem.params), widen(problem.images), problem.labels, expected), 1e-12);
  EXPECT_LE(distance(gradient, expected), 1e-10 * std::sqrt(dot(expected, expected)));
}

// Central differences of exact gradients, whose error falls with the square of the step.
TEST_P(Curvatures, ProductsAreDifferencesOfGradientsInDouble) {
  const Problem problem = make_problem(GetParam(), kImages, 3);
  auto hessian = hessian_of<double>(problem, plain_multiply<double>);
  const Vector direction = random_direction(ParamLayout::of(problem.spec), 5);
  Vector product(hessian.size()), above(hessian.size()), below(hessian.size());
  hessian.multiply(direction, product);
  ReferenceNet net(problem.spec);
  const Vector images = widen(problem.images);
  constexpr double kStep = 1e-8;  // so small that no ReLU turns on the way
  Vector params = widen(problem.params);
  const auto gradient_at = [&](double step, Vector& gradient) {
    Vector there = params;
    for (std::size_t i = 0; i < there.size(); ++i) there[i] += step * direction[i];
    net.loss(there, images, problem.labels, gradient);
  };
  gradient_at(kStep, above);
  gradient_at(-kStep, below);
  Vector differences(product.size());
  for (std::size_t i = 0; i < product.size(); ++i) differences[i] = (above[i] - below[i]) / (2 * kStep);
  const double length = std::sqrt(dot(differences, differences));
  ASSERT_GT(length, 0);
  EXPECT_LE(distance(product, differences), 1e-5 * length);
}

TEST_P(Curvatures, AreSymmetric) {
  const Problem problem = make_problem(GetParam(), kImages, 3);
  auto hessian = hessian_of<double>(problem, plain_multiply<double>);
  const ParamLayout layout = ParamLayout::of(problem.spec);
  for (const std::uint64_t seed : {1, 2, 3}) {
    const Vector u = random_direction(layout, seed), v = random_direction(layout, 100 + seed);
    Vector hu(u.size()), hv(u.size());
    hessian.multiply(u, hu);
    hessian.multiply(v, hv);
    const double scale = std::sqrt(dot(u, u) * dot(hv, hv));
    EXPECT_NEAR(dot(u, hv), dot(v, hu), 1e-6 * std::abs(dot(u, hv))) << seed;
    EXPECT_NEAR(dot(u, hv), dot(v, hu), 1e-12 * scale) << seed;
  }
}

TEST_P(Curvatures, InFloatByOneDnnAreThoseInDouble) {
  const Problem problem = make_problem(GetParam(), kImages, 3);
  auto exact = hessian_of<double>(problem, plain_multiply<double>);
  auto fast = hessian_of<float>(problem, fast_multiply);
  const Vector direction = random_direction(ParamLayout::of(problem.spec), 5);
  Vector expected(direction.size()), product(direction.size());
  const double loss = exact.multiply(direction, expected);
  EXPECT_NEAR(fast.multiply(direction, product), loss, 1e-5 * loss);
  EXPECT_LE(distance(product, expected), 1e-4 * std::sqrt(dot(expected, expected)));
}

INSTANTIATE_TEST_SUITE_P(Networks, Curvatures,
                         testing::Values(small_ct(), tiny_net(), test::mixed_net(), test::averaged_net(),
                                         summed_net(), make_network("ct-resnet", {1, 8, 8}, 2).value()),
                         [](const auto& test) {
                           std::string name = test.param.name;
                           std::erase_if(
                               name, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) == 0; });
                           return name;
                         });

// Every column of the Hessian, and all its eigenvalues.
Vector dense_eigenvalues(Hessian<double>& hessian, const std::vector<std::uint8_t>& mask) {
  std::vector<std::size_t> where;
  for (std::size_t i = 0; i < mask.size(); ++i)
    if (mask[i] != 0) where.push_back(i);
  Vector matrix(where.size() * where.size()), unit(mask.size()), product(mask.size());
  for (std::size_t column = 0; column < where.size(); ++column) {
    unit[where[column]] = 1;
    hessian.multiply(unit, product);
    unit[where[column]] = 0;
    for (std::size_t row = 0; row < where.size(); ++row)
      matrix[column * where.size() + row] = product[where[row]];
  }
  return symmetric_eigenvalues(matrix, where.size()).value();
}

TEST(LargestCurvatures, AreThoseOfADenseEigenSolver) {
  const Problem problem = make_problem(tiny_net(), 20, 3);
  const auto mask = places(ParamLayout::of(problem.spec));
  auto exact = hessian_of<double>(problem, plain_multiply<double>);
  const Vector all = dense_eigenvalues(exact, mask);
  const auto found =
      largest_eigenvalues(mask, [&](auto direction, auto product) { exact.multiply(direction, product); },
                          {.values = 4, .tolerance = 1e-8, .most = 200});
  ASSERT_TRUE(found.has_value());
  ASSERT_EQ(found->values.size(), 4u);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(found->values[i], all[all.size() - 1 - i], 1e-6 * all.back()) << i;
  // As a run measures it: in float, and as exactly as it asks for.
  auto fast = hessian_of<float>(problem, fast_multiply);
  const auto quick = largest_eigenvalues(
      mask, [&](auto direction, auto product) { fast.multiply(direction, product); }, {.tolerance = 1e-3});
  ASSERT_TRUE(quick.has_value());
  EXPECT_NEAR(quick->values.front(), all.back(), 0.01 * all.back());
  EXPECT_LT(quick->products, 60u);
}

TEST(LargestEigenvalues, OfADiagonalComeInOrderAndWithTheirError) {
  const Vector diagonal = {3, -50, 7, 0, 7.5, 1};
  const std::vector<std::uint8_t> mask(diagonal.size(), 1);
  const auto multiply = [&](std::span<const double> direction, std::span<double> product) {
    for (std::size_t i = 0; i < product.size(); ++i) product[i] = diagonal[i] * direction[i];
  };
  const auto all = largest_eigenvalues(mask, multiply, {.values = 9, .tolerance = 1e-12});
  ASSERT_TRUE(all.has_value());
  ASSERT_EQ(all->values.size(), diagonal.size());
  const Vector sorted = {7.5, 7, 3, 1, 0, -50};
  for (std::size_t i = 0; i < sorted.size(); ++i) EXPECT_NEAR(all->values[i], sorted[i], 1e-9);
  const auto rough = largest_eigenvalues(mask, multiply, {.values = 1, .tolerance = 1e-12, .most = 3});
  ASSERT_TRUE(rough.has_value());
  EXPECT_EQ(rough->products, 3u);
  double nearest = 1e9;
  for (const double value : diagonal) nearest = std::min(nearest, std::abs(value - rough->values.front()));
  EXPECT_LE(nearest, rough->error);
  EXPECT_FALSE(
      largest_eigenvalues(mask, [](auto, std::span<double> product) { product[0] = std::nan(""); }, {})
          .has_value());
}

TEST(Lanczos, FindsBothEndsWithTheirVectors) {
  const Vector diagonal = {3, -50, 7, 0, 60, 1, -2, 5};
  const std::vector<std::uint8_t> mask(diagonal.size(), 1);
  Lanczos lanczos(mask, {.tolerance = 1e-9, .smallest = true});
  Vector product(diagonal.size());
  while (!lanczos.done()) {
    for (std::size_t i = 0; i < product.size(); ++i) product[i] = diagonal[i] * lanczos.direction()[i];
    lanczos.take(product);
  }
  ASSERT_FALSE(lanczos.failed());
  for (const bool largest : {true, false}) {
    const Eigenpair found = lanczos.end(largest);
    EXPECT_NEAR(found.value, largest ? 60 : -50, 1e-7);
    EXPECT_LE(found.error, 1e-7);
    EXPECT_NEAR(std::abs(found.vector[largest ? 4 : 1]), 1, 1e-7);
  }
  // The largest comes first; the smallest must be waited for.
  const Vector uneven = {100, 0.5, -1, 0.2, 0.1, -0.3, 0.4, -0.9};
  std::size_t products[2] = {};
  for (const bool smallest : {false, true}) {
    Lanczos one(mask, {.tolerance = 1e-3, .smallest = smallest});
    while (!one.done()) {
      for (std::size_t i = 0; i < product.size(); ++i) product[i] = uneven[i] * one.direction()[i];
      one.take(product);
    }
    products[smallest ? 1 : 0] = one.largest().products;
    if (smallest) {
      EXPECT_NEAR(one.end(false).value, -1, 0.01);
    }
  }
  EXPECT_LT(products[0], products[1]);
}

TEST(Curvatures, OfLayersThatHaveNoneHereAreASentence) {
  NetSpec spec = tiny_net();
  spec.layers.insert(spec.layers.begin() + 1,
                     {.kind = LayerKind::kDepthwise, .name = "deep", .kernel = 3, .padding = 1});
  const auto refused = check_tangents(spec);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("deep"), std::string::npos) << refused.error().message;
}

}  // namespace
}  // namespace fl
