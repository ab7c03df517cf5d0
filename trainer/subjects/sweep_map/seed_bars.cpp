#include "trainer/subjects/sweep_map/seed_bars.h"

#include <algorithm>
#include <cmath>

#include "trainer/scene/setting.h"

namespace fl {
namespace {

constexpr double kTail = 2e-3;    // of what is expected, beyond which no bar is needed
constexpr double kNormal = 1.96;  // standard deviations that hold 95 % of a normal distribution

struct Count {
  std::size_t cell;
  int hits;
};

}  // namespace

bool vary_in_seed(const SweepPlan& plan) {
  return plan.axes.size() == 1 && (plan.axes[0].key == kStartAxis || plan.axes[0].key == "train.seed");
}

double binomial(int hits, int trials, double share) {
  if (share <= 0 || share >= 1) return hits == (share <= 0 ? 0 : trials) ? 1 : 0;
  return std::exp(std::lgamma(trials + 1.0) - std::lgamma(hits + 1.0) - std::lgamma(trials - hits + 1.0) +
                  hits * std::log(share) + (trials - hits) * std::log1p(-share));
}

SeedFacts seed_bars(const SweepResults& results, std::vector<float>& bars) {
  bars.assign(2 * std::size_t{kMostSeedBars}, 0);
  SeedFacts facts;
  facts.cells.fill(-1);
  std::vector<Count> counts;
  double sum = 0, squares = 0;
  for (std::size_t cell = 0; cell < results.size(); ++cell) {
    const auto& result = results[cell];
    if (!result || !std::isfinite(result->test_accuracy) || result->test_images == 0) continue;
    // All have the same images.
    if (counts.empty()) facts.test_images = static_cast<std::uint32_t>(result->test_images);
    counts.push_back({cell, static_cast<int>(std::lround(result->test_accuracy * facts.test_images))});
    sum += result->test_accuracy;
    squares += result->test_accuracy * result->test_accuracy;
  }
  if (counts.empty()) return facts;
  const auto runs = static_cast<double>(counts.size());
  const auto images = static_cast<int>(facts.test_images);
  const double mean = sum / runs;
  const double spread = runs > 1 ? std::sqrt(std::max(0.0, (squares - runs * mean * mean) / (runs - 1))) : 0;
  facts.runs = static_cast<std::uint32_t>(counts.size());
  facts.mean = static_cast<float>(mean);
  facts.spread = static_cast<float>(spread);
  facts.error = static_cast<float>(kNormal * spread / std::sqrt(runs));
  facts.chance_spread = static_cast<float>(std::sqrt(mean * (1 - mean) / images));

  const auto [least, largest] = std::ranges::minmax(counts, {}, &Count::hits);
  int first = 0, last = images;
  for (double beyond = binomial(first, images, mean); first < least.hits && beyond < kTail;)
    beyond += binomial(++first, images, mean);
  for (double beyond = binomial(last, images, mean); last > largest.hits && beyond < kTail;)
    beyond += binomial(--last, images, mean);
  const int most_bars = static_cast<int>(kMostSeedBars);
  const int width = (last - first + most_bars) / most_bars;  // images that a bar covers
  const int shown = (last - first) / width + 1;
  facts.bars = static_cast<std::uint32_t>(shown);
  facts.low = static_cast<float>((first - 0.5) / images);
  facts.high = static_cast<float>((first + shown * width - 0.5) / images);
  for (const Count& each : counts) {
    const auto bar = static_cast<std::size_t>((each.hits - first) / width);
    bars[bar] += 1;
    if (facts.cells[bar] < 0) facts.cells[bar] = static_cast<std::int32_t>(each.cell);
  }
  for (int hits = first; hits < first + shown * width && hits <= images; ++hits)
    bars[kMostSeedBars + static_cast<std::size_t>((hits - first) / width)] +=
        static_cast<float>(runs * binomial(hits, images, mean));
  facts.most = *std::ranges::max_element(bars);
  return facts;
}

}  // namespace fl
