// Starting weights against the distributions they are named for.
#include "trainer/net/init.h"

#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "trainer/base/random.h"
#include "trainer/net/networks.h"

namespace fl {
namespace {

std::vector<float> drawn(const ParamLayout& layout, const std::string& name, double scale = 1,
                         std::uint64_t seed = 1) {
  std::vector<float> params(layout.floats, 7.0f);
  const auto result = initialise(layout, name, scale, seed, params);
  EXPECT_TRUE(result.ok()) << result.error().message;
  return params;
}

std::span<const float> values(const std::vector<float>& params, const ParamTensor& tensor) {
  return std::span(params).subspan(tensor.offset, tensor.count);
}

NetSpec with_layers(TensorShape input, int classes, std::vector<LayerSpec> layers) {
  NetSpec spec{"test", input, classes, std::move(layers)};
  EXPECT_TRUE(layer_shapes(spec).ok());
  return spec;
}

// A convolution of 12 -> 40 channels, whose fan-in (108) and fan-out (360) differ, and a large dense layer.
NetSpec wide_net() {
  return with_layers(
      {12, 8, 8}, 30,
      {{.kind = LayerKind::kConvolution, .name = "conv", .out_channels = 40, .kernel = 3, .padding = 1},
       {.kind = LayerKind::kDense, .name = "dense", .out_channels = 30}});
}

struct Distribution {
  const char* name;
  double (*variance)(double fan_in, double fan_out);
  double kurtosis;  // fourth moment over variance squared: how far a sample's variance strays
  double bound;     // largest value in standard deviations of the variance above; 0: none
};

double he(double in, double) {
  return 2 / in;
}
double xavier(double in, double out) {
  return 2 / (in + out);
}
double lecun(double in, double) {
  return 1 / in;
}
// A normal cut at two sigma has 0.77374 of its variance.
constexpr double kTruncatedVariance = 0.7737413;
double truncated(double in, double) {
  return kTruncatedVariance / in;
}

class EveryDistribution : public ::testing::TestWithParam<Distribution> {};

TEST_P(EveryDistribution, HasItsMeanVarianceAndBounds) {
  const Distribution& expected = GetParam();
  const ParamLayout layout = ParamLayout::of(wide_net());
  for (const double scale : {1.0, 0.25}) {
    const auto params = drawn(layout, expected.name, scale);
    for (const char* name : {"conv.weight", "dense.weight"}) {
      const ParamTensor& tensor = *layout.find(name);
      const double variance = scale * scale * expected.variance(tensor.fan_in, tensor.fan_out);
      const auto n = static_cast<double>(tensor.count);
      double sum = 0, squares = 0, largest = 0;
      for (const float value : values(params, tensor)) {
        sum += value;
        squares += static_cast<double>(value) * value;
        largest = std::max(largest, std::abs(static_cast<double>(value)));
      }
      EXPECT_LT(std::abs(sum / n), 3 * std::sqrt(variance / n)) << name;
      EXPECT_NEAR(squares / n / variance, 1, 3 * std::sqrt((expected.kurtosis - 1) / n)) << name;
      if (expected.bound > 0) {
        const double bound = expected.bound * std::sqrt(variance);
        EXPECT_LE(largest, bound * (1 + 1e-6)) << name;
        EXPECT_GT(largest, 0.98 * bound) << name;
      } else {
        EXPECT_GT(largest, 3 * std::sqrt(variance)) << name;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Initialise, EveryDistribution,
    ::testing::Values(Distribution{"he", he, 3, 0}, Distribution{"he-uniform", he, 1.8, std::sqrt(3.0)},
                      Distribution{"xavier", xavier, 3, 0},
                      Distribution{"xavier-uniform", xavier, 1.8, std::sqrt(3.0)},
                      Distribution{"lecun", lecun, 3, 0},
                      Distribution{"lecun-uniform", lecun, 1.8, std::sqrt(3.0)},
                      Distribution{"tm-truncated", truncated, 2.366, 2 / std::sqrt(kTruncatedVariance)}),
    [](const auto& distribution) {
      std::string text = distribution.param.name;
      std::erase(text, '-');
      return text;
    });

// Largest deviation of M M^T from the identity, for the rows of `matrix` or for its columns.
double off_identity(std::span<const float> matrix, std::size_t rows, std::size_t columns, bool of_rows) {
  const std::size_t vectors = of_rows ? rows : columns, length = of_rows ? columns : rows;
  double worst = 0;
  for (std::size_t a = 0; a < vectors; ++a)
    for (std::size_t b = 0; b <= a; ++b) {
      double dot = 0;
      for (std::size_t i = 0; i < length; ++i)
        dot += of_rows ? static_cast<double>(matrix[a * columns + i]) * matrix[b * columns + i]
                       : static_cast<double>(matrix[i * columns + a]) * matrix[i * columns + b];
      worst = std::max(worst, std::abs(dot - (a == b ? 1 : 0)));
    }
  return worst;
}

TEST(Orthogonal, HasOrthonormalRowsOrColumnsWhereThereAreMoreRows) {
  const ParamLayout layout = ParamLayout::of(
      with_layers({1, 16, 16}, 2,
                  {{.kind = LayerKind::kConvolution, .name = "tall", .out_channels = 20, .kernel = 3},
                   {.kind = LayerKind::kConvolution, .name = "wide", .out_channels = 24, .kernel = 3},
                   {.kind = LayerKind::kDense, .name = "dense", .out_channels = 2}}));
  const auto params = drawn(layout, "orthogonal");
  EXPECT_LT(off_identity(values(params, *layout.find("tall.weight")), 20, 9, false), 1e-5);
  EXPECT_LT(off_identity(values(params, *layout.find("wide.weight")), 24, 180, true), 1e-5);
  EXPECT_LT(off_identity(values(params, *layout.find("dense.weight")), 2, 24 * 144, true), 1e-5);
  const auto doubled = drawn(layout, "orthogonal", 2);
  for (std::size_t i = 0; i < params.size(); ++i) ASSERT_FLOAT_EQ(doubled[i], 2 * params[i]);
}

TEST(Orthogonal, GivesEveryDepthwiseFilterTheLengthOne) {
  const ParamLayout layout =
      ParamLayout::of(with_layers({24, 8, 8}, 2,
                                  {{.kind = LayerKind::kDepthwise, .name = "deep", .kernel = 3},
                                   {.kind = LayerKind::kDense, .name = "dense", .out_channels = 2}}));
  const auto params = drawn(layout, "orthogonal");
  const auto filters = values(params, *layout.find("deep.weight"));
  std::set<float> first;
  for (std::size_t f = 0; f < 24; ++f) {
    EXPECT_LT(off_identity(filters.subspan(f * 9, 9), 1, 9, true), 1e-5);
    first.insert(filters[f * 9]);
  }
  EXPECT_EQ(first.size(), 24u);
}

TEST(Orthogonal, IsUniformOverSigns) {
  // A factorisation's own signs would make the diagonal lean to one side.
  const ParamLayout layout = ParamLayout::of(
      with_layers({2, 1, 1}, 2, {{.kind = LayerKind::kDense, .name = "dense", .out_channels = 2}}));
  int positive = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) positive += drawn(layout, "orthogonal", 1, seed)[0] > 0;
  EXPECT_NEAR(positive, 200, 3 * 10);
}

TEST(Initialise, HeIsTheTensorsOwnStreamOfNormals) {
  const ParamLayout layout = ParamLayout::of(ct_small({1, 64, 64}, 2));
  const auto params = drawn(layout, "he", 1.5, 11);
  for (std::size_t t = 0; t < layout.tensors.size(); ++t) {
    const ParamTensor& tensor = layout.tensors[t];
    if (tensor.kind != ParamKind::kWeight) continue;
    RandomStream random(11, StreamId::kInit, static_cast<std::uint32_t>(t));
    for (const float value : values(params, tensor))
      ASSERT_EQ(value, static_cast<float>(random.normal(0, 1.5 * std::sqrt(2.0 / tensor.fan_in))));
  }
}

TEST(Initialise, SameSeedSameBytesOtherSeedOtherWeights) {
  const ParamLayout layout = ParamLayout::of(wide_net());
  for (const std::string& name : initialisation_names()) {
    EXPECT_EQ(drawn(layout, name, 1, 5), drawn(layout, name, 1, 5)) << name;
    if (name != "zeros") {
      EXPECT_NE(drawn(layout, name, 1, 5), drawn(layout, name, 1, 6)) << name;
    }
  }
}

TEST(Initialise, TensorsAreIndependent) {
  const auto net = [](int hidden) {
    return ParamLayout::of(with_layers({1, 20, 20}, 2,
                                       {{.kind = LayerKind::kDense, .name = "a", .out_channels = hidden},
                                        {.kind = LayerKind::kDense, .name = "b", .out_channels = 400},
                                        {.kind = LayerKind::kDense, .name = "c", .out_channels = 2}}));
  };
  // Two tensors of one size are uncorrelated.
  const ParamLayout layout = net(400);
  for (const char* name : {"he", "lecun-uniform", "tm-truncated", "orthogonal"}) {
    const auto params = drawn(layout, name);
    const auto a = values(params, *layout.find("a.weight")), b = values(params, *layout.find("b.weight"));
    double product = 0, squares_a = 0, squares_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      product += static_cast<double>(a[i]) * b[i];
      squares_a += static_cast<double>(a[i]) * a[i];
      squares_b += static_cast<double>(b[i]) * b[i];
    }
    EXPECT_LT(std::abs(product) / std::sqrt(squares_a * squares_b),
              3 / std::sqrt(static_cast<double>(a.size())))
        << name;
  }
  // A tensor of another size takes nothing from the streams of the others.
  const ParamLayout smaller = net(100);
  const auto large = drawn(layout, "xavier-uniform"), small = drawn(smaller, "xavier-uniform");
  const ParamTensor &c = *layout.find("c.weight"), &other_c = *smaller.find("c.weight");
  ASSERT_EQ(c.count, other_c.count);
  for (std::size_t i = 0; i < c.count; ++i) EXPECT_EQ(values(large, c)[i], values(small, other_c)[i]);
}

TEST(Initialise, BatchNormBeginsAsTheIdentityAndAllElseAtZero) {
  const ParamLayout layout = ParamLayout::of(
      with_layers({3, 8, 8}, 2,
                  {{.kind = LayerKind::kConvolution, .name = "conv", .out_channels = 5, .kernel = 3},
                   {.kind = LayerKind::kBatchNorm, .name = "norm"},
                   {.kind = LayerKind::kGlobalAveragePool, .name = "gap"},
                   {.kind = LayerKind::kDense, .name = "dense", .out_channels = 2}}));
  for (const std::string& name : initialisation_names()) {
    auto params = drawn(layout, name, 3);
    for (const ParamTensor& tensor : layout.tensors)
      for (std::size_t i = tensor.offset; i < tensor.offset + tensor.count; ++i) {
        if (tensor.kind == ParamKind::kScale) {
          EXPECT_EQ(params[i], 1.0f) << name << " " << tensor.name;
        } else if (tensor.kind != ParamKind::kWeight || name == "zeros") {
          EXPECT_EQ(params[i], 0.0f) << name << " " << tensor.name;
        }
        params[i] = 0;
      }
    for (const float padding : params) EXPECT_EQ(padding, 0.0f) << name;
  }
}

TEST(Initialise, UnknownNamesListWhatExists) {
  const ParamLayout layout = ParamLayout::of(wide_net());
  std::vector<float> params(layout.floats);
  const auto result = initialise(layout, "hee", 1, 1, params);
  ASSERT_FALSE(result.ok());
  for (const std::string& name : initialisation_names())
    EXPECT_NE(result.error().message.find(name), std::string::npos) << result.error().message;
}

}  // namespace
}  // namespace fl
