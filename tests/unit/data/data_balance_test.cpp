// Draws that make classes equally frequent, counted one by one, and weights that make them count the same.
#include <algorithm>
#include <map>

#include <gtest/gtest.h>

#include "trainer/data/balance.h"

namespace fl {
namespace {

// `counts` images of each class in turn; every second image belongs to the test set.
struct Images {
  std::vector<std::int32_t> train, labels;
  explicit Images(const std::vector<int>& counts) {
    for (std::size_t c = 0; c < counts.size(); ++c)
      for (int i = 0; i < counts[c]; ++i) {
        train.push_back(static_cast<std::int32_t>(labels.size()));
        labels.insert(labels.end(), 2, static_cast<std::int32_t>(c));
      }
  }
};

std::vector<std::int32_t> draw(BalancedSampler& sampler, std::size_t count, std::uint32_t epoch) {
  std::vector<std::int32_t> order(count);
  RandomStream random(1, StreamId::kOrder, epoch);
  sampler.draw(random, order);
  return order;
}

void expect_balanced(const Images& images, const std::vector<std::int32_t>& order, std::size_t classes) {
  std::map<std::int32_t, int> times;
  for (const std::int32_t image : images.train) times[image] = 0;
  std::vector<std::size_t> drawn(classes);
  for (const std::int32_t image : order) {
    ASSERT_TRUE(times.contains(image)) << "a test image was drawn";
    ++times[image];
    ++drawn[static_cast<std::size_t>(images.labels[static_cast<std::size_t>(image)])];
  }
  std::size_t extras = 0;
  for (const std::size_t count : drawn) {
    ASSERT_GE(count, order.size() / classes);
    extras += count - order.size() / classes;
    ASSERT_LE(count, order.size() / classes + 1);
  }
  EXPECT_EQ(extras, order.size() % classes);
  for (std::size_t c = 0; c < classes; ++c) {
    int least = 1 << 30, most = 0;
    for (const auto& [image, count] : times)
      if (images.labels[static_cast<std::size_t>(image)] == static_cast<std::int32_t>(c)) {
        least = std::min(least, count);
        most = std::max(most, count);
      }
    EXPECT_LE(most - least, 1) << "class " << c;
  }
}

TEST(BalancedSampler, DrawsEachClassEquallyOften) {
  const Images images({3, 100});
  BalancedSampler sampler(images.train, images.labels, 2);
  for (std::uint32_t epoch = 0; epoch < 20; ++epoch)
    expect_balanced(images, draw(sampler, images.train.size(), epoch), 2);
  const Images more({5, 1, 40, 22});
  BalancedSampler other(more.train, more.labels, 4);
  for (std::uint32_t epoch = 0; epoch < 20; ++epoch)
    expect_balanced(more, draw(other, more.train.size(), epoch), 4);
}

TEST(BalancedSampler, AnEpochDependsOnItsStreamAlone) {
  const Images images({3, 100});
  BalancedSampler sampler(images.train, images.labels, 2), fresh(images.train, images.labels, 2);
  const auto first = draw(sampler, 103, 0);
  const auto second = draw(sampler, 103, 1);
  EXPECT_EQ(second, draw(fresh, 103, 1)) << "a resumed training draws what the uninterrupted one would";
  EXPECT_NE(first, second);
  const auto sorted = [](std::vector<std::int32_t> order) {
    std::ranges::sort(order);
    return order;
  };
  EXPECT_NE(sorted(first), sorted(second)) << "what one epoch leaves out, another has";
}

TEST(BalancedClassWeights, HaveAMeanOfOneAndGiveEachClassTheSame) {
  const Images images({30, 1000, 70});
  const auto weights = balanced_class_weights(images.train, images.labels, 3);
  double sum = 0;
  std::vector<double> of_class(3);
  for (const std::int32_t image : images.train) {
    const auto c = static_cast<std::size_t>(images.labels[static_cast<std::size_t>(image)]);
    sum += static_cast<double>(weights[c]);
    of_class[c] += static_cast<double>(weights[c]);
  }
  EXPECT_NEAR(sum / 1100, 1, 1e-6);
  for (const double share : of_class) EXPECT_NEAR(share, 1100.0 / 3, 1e-3);
  EXPECT_EQ(balanced_class_weights(std::vector<std::int32_t>{0, 1}, std::vector<std::int32_t>{1, 0}, 2),
            (std::vector<float>{1, 1}));
}

}  // namespace
}  // namespace fl
