// Principal components against a cloud whose axes are known, and a head in their plane against the head
// itself and finite differences, in double.

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "trainer/backbone/plane_head.h"
#include "trainer/backbone/principal_plane.h"
#include "trainer/base/check.h"
#include "trainer/net/networks.h"
#include "trainer/net/param_layout.h"

namespace fl {
namespace {

constexpr std::size_t kFeatures = 7, kImages = 40;
using Direction = std::array<double, kFeatures>;

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// Three directions at right angles, of length 1, whose largest entries are positive.
std::array<Direction, 3> axes() {
  const double r = std::sqrt(0.5);
  return {Direction{0.8, 0, -0.6, 0, 0, 0, 0}, Direction{0, -0.28, 0, 0.96, 0, 0, 0},
          Direction{0, 0, 0, 0, r, r, 0}};
}

// Images spread over them with exactly these variances, since coordinates are made of whole waves.
std::vector<float> cloud(std::array<double, 3> deviations, double middle = 5) {
  std::vector<float> features;
  for (std::size_t i = 0; i < kImages; ++i) {
    const double turn = 2 * M_PI * static_cast<double>(i) / kImages;
    Direction image{};
    image.fill(middle);
    for (std::size_t k = 0; k < 3; ++k)
      for (std::size_t f = 0; f < kFeatures; ++f)
        image[f] +=
            deviations[k] * std::sqrt(2.0) * std::cos(static_cast<double>(k + 1) * turn) * axes()[k][f];
    features.insert(features.end(), image.begin(), image.end());
  }
  return features;
}

TEST(PrincipalPlane, FindsTheAxesOfACloud) {
  const std::vector<float> features = cloud({3, 2, 1});
  const auto plane = principal_plane(features, kFeatures);
  ASSERT_TRUE(plane);
  for (std::size_t f = 0; f < kFeatures; ++f) {
    EXPECT_NEAR(plane->mean[f], 5, 1e-6);
    EXPECT_NEAR(plane->axes[0][f], axes()[0][f], 1e-6);
    EXPECT_NEAR(plane->axes[1][f], axes()[1][f], 1e-6);
  }
  EXPECT_NEAR(plane->shares[0], 9.0 / 14, 1e-6);
  EXPECT_NEAR(plane->shares[1], 4.0 / 14, 1e-6);
  const auto first = plane->place(std::span(features).first(kFeatures));
  EXPECT_NEAR(first[0], 3 * std::sqrt(2.0), 1e-5);
  EXPECT_NEAR(first[1], 2 * std::sqrt(2.0), 1e-5);
}

// More images than features, and fewer.
TEST(PrincipalPlane, OrderAndSignHangOnTheImagesAlone) {
  std::mt19937 random(4);
  std::normal_distribution<float> normal;
  for (const std::size_t images : {5u, 60u}) {
    std::vector<float> features(images * 20);
    for (std::size_t i = 0; i < features.size(); ++i)
      features[i] = normal(random) * (i % 20 == 3 ? 6.0F : i % 20 == 11 ? 3.0F : 1.0F);
    const auto plane = principal_plane(features, 20);
    ASSERT_TRUE(plane);
    EXPECT_GE(plane->shares[0], plane->shares[1]);
    EXPECT_NEAR(dot(plane->axes[0], plane->axes[1]), 0, 1e-9);
    std::vector<float> mirrored = features;
    for (float& value : mirrored) value = 1 - value;
    const auto other = principal_plane(mirrored, 20);
    ASSERT_TRUE(other);
    for (std::size_t k = 0; k < 2; ++k) {
      EXPECT_NEAR(dot(plane->axes[k], plane->axes[k]), 1, 1e-9);
      EXPECT_GT(*std::ranges::max_element(plane->axes[k], {}, [](double v) { return std::abs(v); }), 0);
      EXPECT_NEAR(dot(plane->axes[k], other->axes[k]), 1, 1e-6);
    }
  }
}

TEST(PrincipalPlane, OnALineThereIsOneAxisAndOfEqualsNone) {
  const auto line = principal_plane(cloud({2, 0, 0}), kFeatures);
  ASSERT_TRUE(line);
  EXPECT_NEAR(line->shares[0], 1, 1e-6);
  EXPECT_EQ(line->shares[1], 0);
  EXPECT_EQ(line->axes[1], std::vector<double>(kFeatures, 0));
  EXPECT_FALSE(principal_plane(cloud({0, 0, 0}), kFeatures));
  EXPECT_FALSE(principal_plane(std::vector<float>(kFeatures, 1), kFeatures)) << "a single image";
  std::vector<float> broken = cloud({2, 1, 0});
  broken[3] = NAN;
  EXPECT_FALSE(principal_plane(broken, kFeatures));
}

TEST(SpreadOrder, TheFirstOnesAreFarApart) {
  std::vector<std::array<double, 2>> points;
  for (int y = 0; y < 9; ++y)
    for (int x = 0; x < 9; ++x) points.push_back({x - 4.0, y - 4.0});
  const SpreadOrder order = spread_order(points);
  ASSERT_EQ(order.points.size(), points.size());
  for (std::size_t i = 1; i < points.size(); ++i) {
    double nearest = INFINITY;
    for (std::size_t j = 0; j < i; ++j) {
      const auto &a = points[order.points[i]], &b = points[order.points[j]];
      nearest = std::min(nearest, std::max(std::abs(a[0] - b[0]), std::abs(a[1] - b[1])));
    }
    EXPECT_EQ(order.gaps[i], nearest);
    EXPECT_LE(order.gaps[i], order.gaps[i - 1]);
  }
  EXPECT_EQ(order.gaps[8], 4) << "nine of them: corners, sides and the middle";
  EXPECT_EQ(order.gaps.back(), 1);
  EXPECT_TRUE(spread_order({}).points.empty());
}

class HeadInAPlane : public ::testing::Test {
 protected:
  HeadInAPlane() : plane_(*principal_plane(cloud({3, 2, 1}, 0.25), kFeatures)) {}

  PlaneHead make(const NetSpec& spec) {
    const ParamLayout layout = ParamLayout::of(spec);
    std::mt19937 random(11);
    std::normal_distribution<float> normal(0, 0.6F);
    params_.resize(layout.all_floats);
    for (const ParamTensor& tensor : layout.tensors)
      for (std::size_t i = 0; i < tensor.count; ++i) params_[tensor.offset + i] = normal(random);
    PlaneHead head = *PlaneHead::of(spec);
    head.lay(plane_);
    head.set_weights(params_);
    return head;
  }
  // By plain loops over features and layers, without the mean over the classes.
  [[nodiscard]] std::vector<double> plain(const NetSpec& spec, PlaneHead::Point at) const {
    std::vector<double> values(kFeatures);
    for (std::size_t f = 0; f < kFeatures; ++f)
      values[f] = plane_.mean[f] + at[0] * plane_.axes[0][f] + at[1] * plane_.axes[1][f];
    const ParamLayout layout = ParamLayout::of(spec);
    for (const LayerSpec& layer : spec.layers) {
      if (layer.kind == LayerKind::kRelu) {
        for (double& value : values) value = std::max(value, 0.0);
        continue;
      }
      std::vector<double> next(static_cast<std::size_t>(layer.out_channels));
      const ParamTensor& weights = *layout.find(layer.name + ".weight");
      for (std::size_t o = 0; o < next.size(); ++o) {
        if (layer.bias) next[o] = params_[layout.find(layer.name + ".bias")->offset + o];
        for (std::size_t i = 0; i < values.size(); ++i)
          next[o] += values[i] * params_[weights.offset + o * values.size() + i];
      }
      values = next;
    }
    double mean = 0;
    for (const double value : values) mean += value / static_cast<double>(values.size());
    for (double& value : values) value -= mean;
    return values;
  }

  PrincipalPlane plane_;
  std::vector<float> params_;
};

TEST_F(HeadInAPlane, SaysWhatTheHeadSays) {
  for (const std::vector<int>& units : {std::vector<int>{}, {12}, {12, 9}}) {
    const NetSpec spec = dense_head({kFeatures, 1, 1}, units, 3);
    PlaneHead head = make(spec);
    ASSERT_EQ(head.classes(), 3u);
    std::vector<double> said(3);
    for (const PlaneHead::Point at : {PlaneHead::Point{0, 0}, {1.5, -2}, {-4, 3}}) {
      head.logits(at, said);
      const std::vector<double> wanted = plain(spec, at);
      for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(said[c], wanted[c], 1e-12);
    }
  }
}

TEST_F(HeadInAPlane, SlopesAreFiniteDifferences) {
  constexpr double kStep = 1e-6;
  for (const std::vector<int>& units : {std::vector<int>{}, {12}, {12, 9}}) {
    const NetSpec spec = dense_head({kFeatures, 1, 1}, units, 3);
    PlaneHead head = make(spec);
    std::vector<PlaneHead::Point> slopes(3);
    for (const PlaneHead::Point at : {PlaneHead::Point{0.1, 0.2}, {1.5, -2}, {-4, 3}}) {
      head.slopes(at, slopes);
      for (std::size_t k = 0; k < 2; ++k) {
        PlaneHead::Point low = at, high = at;
        low[k] -= kStep;
        high[k] += kStep;
        const std::vector<double> below = plain(spec, low), above = plain(spec, high);
        for (std::size_t c = 0; c < 3; ++c)
          EXPECT_NEAR(slopes[c][k], (above[c] - below[c]) / (2 * kStep), 1e-8) << c << " along " << k;
      }
    }
  }
}

TEST_F(HeadInAPlane, TheMeanOfSlopesIsThat) {
  PlaneHead head = make(dense_head({kFeatures, 1, 1}, {12}, 2));
  const std::vector<PlaneHead::Point> points{{0.1, 0.2}, {2, -1}, {-3, 1}};
  PlaneHead::Point sum{};
  for (const PlaneHead::Point& point : points) {
    std::vector<PlaneHead::Point> one(2);
    head.slopes(point, one);
    for (std::size_t k = 0; k < 2; ++k) sum[k] += one[1][k] / 3;
  }
  const auto mean = mean_slopes(head, points);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_NEAR(mean[1][k], sum[k], 1e-12);
    EXPECT_NEAR(mean[0][k], -mean[1][k], 1e-12) << "of two classes, one is the other reversed";
  }
}

TEST_F(HeadInAPlane, OtherNetworksHaveNone) {
  EXPECT_THROW(PlaneHead::of(dense_head({kFeatures + 1, 1, 1}, {4}, 2))->lay(plane_), CheckFailure);
  EXPECT_FALSE(PlaneHead::of(ct_small({1, 32, 32}, 2)));
}

}  // namespace
}  // namespace fl
