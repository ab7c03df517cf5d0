// Runs that differ in their seed alone: how their test accuracies are counted, and what chance alone would
// give.
#include "trainer/subjects/sweep_map/seed_bars.h"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace fl {
namespace {

SweepResults runs_with(const std::vector<int>& hits, std::uint64_t images) {
  SweepResults results;
  for (std::size_t cell = 0; cell < hits.size(); ++cell)
    results.push_back(
        CellResult{.cell = cell,
                   .state = "finished",
                   .test_accuracy = static_cast<double>(hits[cell]) / static_cast<double>(images),
                   .test_images = images,
                   .weights = {},
                   .note = {}});
  return results;
}

TEST(SeedBars, TheBinomialDistributionIsOne) {
  double sum = 0, mean = 0;
  for (int hits = 0; hits <= 36; ++hits) {
    sum += binomial(hits, 36, 0.6);
    mean += hits * binomial(hits, 36, 0.6);
  }
  EXPECT_NEAR(sum, 1, 1e-12);
  EXPECT_NEAR(mean, 36 * 0.6, 1e-10);
  EXPECT_NEAR(binomial(2, 4, 0.5), 6.0 / 16, 1e-12);
  EXPECT_EQ(binomial(4, 4, 1), 1);
  EXPECT_EQ(binomial(3, 4, 1), 0);
  EXPECT_EQ(binomial(0, 4, 0), 1);
}

TEST(SeedBars, CountsEachRunOnceInItsBar) {
  std::vector<float> bars;
  SweepResults results = runs_with({5, 6, 6, 7, 10}, 10);
  results.emplace_back();  // not trained yet
  const SeedFacts facts = seed_bars(results, bars);
  EXPECT_EQ(facts.runs, 5u);
  EXPECT_EQ(facts.test_images, 10u);
  EXPECT_NEAR(facts.mean, 0.68, 1e-6);
  EXPECT_NEAR(facts.spread, std::sqrt((0.18 * 0.18 + 2 * 0.08 * 0.08 + 0.02 * 0.02 + 0.32 * 0.32) / 4), 1e-6);
  EXPECT_NEAR(facts.error, 1.96 * facts.spread / std::sqrt(5), 1e-6);
  EXPECT_NEAR(facts.chance_spread, std::sqrt(0.68 * 0.32 / 10), 1e-6);
  EXPECT_EQ(std::accumulate(bars.begin(), bars.begin() + kMostSeedBars, 0.0f), 5);
  // A bar for each number of right images; the axis says accuracies.
  const auto bar_of = [&](double accuracy) {
    return static_cast<std::size_t>((accuracy - facts.low) / (facts.high - facts.low) * facts.bars);
  };
  EXPECT_EQ(bars[bar_of(0.6)], 2);
  EXPECT_EQ(bars[bar_of(0.8)], 0);
  EXPECT_EQ(facts.cells[bar_of(0.6)], 1) << "the first of the two";
  EXPECT_EQ(facts.cells[bar_of(0.8)], -1);
  EXPECT_NEAR(std::accumulate(bars.begin() + kMostSeedBars, bars.end(), 0.0f), 5, 0.05)
      << "as many are expected";
}

// A folder that was put together from two: no bar lies outside.
TEST(SeedBars, RunsThatSayOtherTestSetsHaveBarsToo) {
  std::vector<float> bars;
  SweepResults results = runs_with({5, 7}, 10);
  for (const auto& one : runs_with({900, 1000}, 1000)) results.push_back(one);
  const SeedFacts facts = seed_bars(results, bars);
  EXPECT_EQ(facts.test_images, 10u);
  EXPECT_LE(facts.bars, 11u);
  EXPECT_EQ(std::accumulate(bars.begin(), bars.begin() + kMostSeedBars, 0.0f), 4);
}

TEST(SeedBars, ManyTestImagesShareBars) {
  std::vector<float> bars;
  std::vector<int> hits(200);
  for (int i = 0; i < 200; ++i) hits[static_cast<std::size_t>(i)] = 100 + i;
  const SeedFacts facts = seed_bars(runs_with(hits, 1000), bars);
  EXPECT_LE(facts.bars, kMostSeedBars);
  EXPECT_GE(facts.bars, kMostSeedBars / 2);
  EXPECT_EQ(std::accumulate(bars.begin(), bars.begin() + kMostSeedBars, 0.0f), 200);
  EXPECT_LE(facts.low, 0.1f);
  EXPECT_GE(facts.high, 0.299f);
}

TEST(SeedBars, HasNoneWithoutATestSet) {
  std::vector<float> bars;
  EXPECT_EQ(seed_bars(runs_with({3, 4}, 0), bars).bars, 0u);
  EXPECT_EQ(seed_bars(SweepResults(5), bars).bars, 0u);
  SweepPlan plan{.scene = "", .axes = {{.key = "start", .values = {"1", "2"}}}};
  EXPECT_TRUE(vary_in_seed(plan));
  plan.axes[0].key = "train.seed";
  EXPECT_TRUE(vary_in_seed(plan));
  plan.axes[0].key = "train.rate";
  EXPECT_FALSE(vary_in_seed(plan));
}

}  // namespace
}  // namespace fl
