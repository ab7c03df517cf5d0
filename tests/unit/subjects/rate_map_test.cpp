// A trainability map as it fills, and the trainings that its pixels are.
#include "trainer/subjects/trainability/rate_map.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "trainer/compute/backend_choice.h"

namespace fl {
namespace {

constexpr int kSteps = 500;
constexpr RateView kWhole{};

std::unique_ptr<RateRuns> cpu_runs(int threads, int steps = kSteps) {
  auto backend = make_cpu_backend(threads);
  return (*backend)->rate_runs(make_rate_task(1, steps)).value();
}

std::vector<RateRun> train(RateRuns& runs, const std::vector<RatePair>& pairs, RatePrecision precision) {
  std::vector<RateRun> done(pairs.size());
  runs.run(pairs, precision, done);
  return done;
}

bool same_bytes(const std::vector<RateRun>& a, const std::vector<RateRun>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(RateRun)) == 0;
}

// Pixels of a map of 256 a side, drawn at random.
std::vector<RatePair> some_pixels(const RateView& view, int count) {
  std::mt19937 random(7);
  std::vector<RatePair> pairs;
  for (int i = 0; i < count; ++i) {
    const std::uint32_t column = random() % 256, row = random() % 256;
    pairs.push_back(rates_of(view, 256, column, row));
  }
  return pairs;
}

void fill(RateMap& map, RateRuns& runs) {
  while (map.left() > 0) {
    const auto pixels = map.next(64);
    std::vector<RatePair> pairs;
    for (const std::uint32_t pixel : pixels)
      pairs.push_back(rates_of(map.view(), map.side(), pixel % map.side(), pixel / map.side()));
    map.set(train(runs, pairs, precision_of(map.view(), map.side())));
  }
}

// The training in plain loops, in double, one pixel at a time.
template <typename Tanh>
bool plainly_trained(const RateTask& task, const RatePair& rates, const Tanh& tanh) {
  constexpr std::size_t kWidth = 8, kExamples = 72;
  constexpr double kShare = 2.0 / (kExamples * kWidth);
  std::vector<double> first(task.first.begin(), task.first.end()),
      second(task.second.begin(), task.second.end());
  const std::vector<double> inputs(task.inputs.begin(), task.inputs.end());
  double begin = 0, tail = 0;
  for (int step = 0; step < task.steps; ++step) {
    std::vector<double> to_first(first.size()), to_second(second.size()), hidden(kWidth);
    double loss = 0;
    for (std::size_t e = 0; e < kExamples; ++e) {
      const double* x = &inputs[e * kWidth];
      double output = 0;
      for (std::size_t i = 0; i < kWidth; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < kWidth; ++j) sum += first[i * kWidth + j] * x[j];
        hidden[i] = tanh(sum);
        output += second[i] * hidden[i];
      }
      const double miss = output / kWidth - static_cast<double>(task.targets[e]);
      loss += miss * miss;
      for (std::size_t i = 0; i < kWidth; ++i) {
        to_second[i] += miss * hidden[i];
        const double back = miss * second[i] * (1 - hidden[i] * hidden[i]);
        for (std::size_t j = 0; j < kWidth; ++j) to_first[i * kWidth + j] += back * x[j];
      }
    }
    if (step == 0) begin = loss;
    if (!(loss / begin <= 1e6)) return false;
    if (step >= task.steps - 20) tail += loss / begin / 20;
    for (std::size_t i = 0; i < first.size(); ++i) first[i] -= rates.first * (to_first[i] * kShare);
    for (std::size_t i = 0; i < second.size(); ++i) second[i] -= rates.second * (to_second[i] * kShare);
  }
  return tail < 1;
}

template <typename Tanh>
int agreeing(const RateView& view, RatePrecision precision, int count, const Tanh& tanh) {
  const RateTask task = make_rate_task(1, kSteps);
  const std::vector<RatePair> pairs = some_pixels(view, count);
  const auto runs = cpu_runs(2);
  const std::vector<RateRun> done = train(*runs, pairs, precision);
  int same = 0, trained = 0;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    same += plainly_trained(task, pairs[i], tanh) == (done[i].trained != 0) ? 1 : 0;
    trained += static_cast<int>(done[i].trained);
  }
  EXPECT_GT(trained, count / 10);
  EXPECT_LT(trained, count - count / 10);
  return same;
}

double library_tanh(double x) {
  return std::tanh(x);
}

TEST(RateRuns, InFloatAreThoseOfAPlainLoopInDoubleNearlyEverywhere) {
  ASSERT_EQ(precision_of(kWhole, 256), RatePrecision::kFloat);
  EXPECT_GE(agreeing(kWhole, RatePrecision::kFloat, 1000, library_tanh), 995);
}

// With the kernel's tanh, because trainings at the boundary are chaotic: there the last bit decides.
TEST(RateRuns, InDoubleAreThoseOfAPlainLoopEverywhere) {
  EXPECT_EQ(agreeing(kWhole, RatePrecision::kDouble, 1000, kernels::tanh_of<double>), 1000);
}

TEST(RateRuns, AreThoseOfAPlainLoopEverywhereWhereItIsZoomedIn) {
  constexpr RateView kNear{0.6328613281, 1.766015625, 6e-4};
  ASSERT_EQ(precision_of(kNear, 256), RatePrecision::kDouble);
  EXPECT_EQ(agreeing(kNear, RatePrecision::kDouble, 300, kernels::tanh_of<double>), 300);
}

TEST(RateRuns, HaveTheLibrarysTanh) {
  for (double x = -25; x < 25; x += 0.01) {
    EXPECT_NEAR(kernels::tanh_of(x), std::tanh(x), 1e-15) << x;
    const auto f = static_cast<float>(x);
    EXPECT_NEAR(kernels::tanh_of(f), std::tanh(f), 3e-7f) << x;
  }
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(kernels::tanh_of(infinity), 1);
  EXPECT_EQ(kernels::tanh_of(-infinity), -1);
  EXPECT_TRUE(std::isnan(kernels::tanh_of(std::nan(""))));
}

TEST(RateRuns, AreTheSameBytesOnAnyNumberOfThreadsAndInAnyCompany) {
  const std::vector<RatePair> pairs = some_pixels(kWhole, 61);
  for (const auto precision : {RatePrecision::kFloat, RatePrecision::kDouble}) {
    const auto one = cpu_runs(1, 60), three = cpu_runs(3, 60);
    const std::vector<RateRun> together = train(*one, pairs, precision);
    EXPECT_TRUE(same_bytes(train(*three, pairs, precision), together));
    std::vector<RateRun> alone;
    for (const RatePair& pair : pairs) alone.push_back(train(*one, {pair}, precision).front());
    EXPECT_TRUE(same_bytes(alone, together));
  }
}

TEST(RateRuns, SayWhenATrainingWasLost) {
  const auto runs = cpu_runs(1);
  const auto done = train(*runs, {{0.1, 1}, {0.1, 1e5}, {0.1, 1e300}}, RatePrecision::kFloat);
  EXPECT_EQ(done[0].trained, 1u);
  EXPECT_EQ(done[0].steps, 500u);
  EXPECT_LT(done[0].loss, 1);
  EXPECT_EQ(done[1].trained, 0u);
  EXPECT_GE(done[1].steps, 1u);
  EXPECT_LT(done[1].steps, 20u);
  EXPECT_EQ(done[2].steps, 1u) << "a rate beyond float is lost at once";
  for (const RateRun& run : done) EXPECT_TRUE(std::isfinite(run.score));
}

TEST(RateMap, EveryPixelComesOnceCoarsePlacesFirst) {
  for (const std::uint32_t side : {16u, 100u, 256u}) {
    RateMap map(side, kWhole);
    std::set<std::uint32_t> seen;
    const auto all = map.next(std::size_t{side} * side + 1);
    for (const std::uint32_t pixel : all) EXPECT_TRUE(seen.insert(pixel).second);
    EXPECT_EQ(seen.size(), std::size_t{side} * side);
    // After the first few, nothing is far from one of them.
    std::vector<float> shades(all.size());
    map.write_shades(shades);
    EXPECT_EQ(std::ranges::count(shades, RateMap::kUnknown), static_cast<std::ptrdiff_t>(all.size()));
    map.set(std::vector<RateRun>(std::min<std::size_t>(169, all.size())));
    map.write_shades(shades);
    EXPECT_EQ(std::ranges::count(shades, RateMap::kUnknown), 0) << side;
  }
}

TEST(RateMap, ShadesAreRanksOfEitherSide) {
  RateMap map(2, kWhole);
  std::vector<RateRun> runs(4);
  const auto order = map.next(4);
  runs[0] = {.score = 40, .trained = 1};
  runs[1] = {.score = 2, .trained = 1};
  runs[2] = {.score = 1e9f, .trained = 0};
  runs[3] = {.score = 3, .trained = 0};
  map.set(runs);
  std::vector<float> shades(4);
  map.write_shades(shades);
  const auto shade = [&](std::size_t i) { return shades[order[i]]; };
  EXPECT_LT(shade(1), shade(0)) << "faster is nearer to -1";
  EXPECT_LT(shade(0), 0);
  EXPECT_GT(shade(3), 0);
  EXPECT_LT(shade(3), shade(2)) << "later is nearer to 1";
}

TEST(RateMap, ShowsWhatTheViewBeforeKnewUntilItKnowsBetter) {
  RateMap map(32, kWhole);
  std::vector<RateRun> runs;
  for (const std::uint32_t pixel : map.next(32 * 32))
    runs.push_back({.score = 1, .trained = pixel / 32 < 16 ? 1u : 0u});  // the lower half
  map.set(runs);
  map.show({kWhole.first, kWhole.second, kWhole.span / 2});
  EXPECT_EQ(map.known(), 0u);
  std::vector<float> shades(32 * 32);
  map.write_shades(shades);
  for (std::uint32_t pixel = 0; pixel < 32 * 32; ++pixel)
    EXPECT_EQ(shades[pixel] < 0, pixel / 32 < 16) << pixel;
  // What is trained in the new view takes the guess's place.
  const std::uint32_t first = map.next(1).front();
  map.set(std::vector<RateRun>{{.score = 1, .trained = shades[first] < 0 ? 0u : 1u}});
  const float before = shades[first];
  map.write_shades(shades);
  EXPECT_NE(shades[first] < 0, before < 0);
}

TEST(RateView, ZoomsAboutThePointThatStays) {
  const RateView to{0.25, 2.125, 0.01};
  double last = kWhole.span;
  for (int i = 1; i <= 10; ++i) {
    const RateView view = between(kWhole, to, i / 10.0);
    EXPECT_NEAR(view.span / last, std::pow(0.01 / 9, 0.1), 1e-9) << "an even zoom";
    last = view.span;
    EXPECT_LE(std::abs(to.first - view.first) + to.span / 2, view.span / 2 + 1e-9)
        << "the goal stays in sight";
  }
  EXPECT_EQ(between(kWhole, to, 1), to);
}

TEST(RateView, GoesToTheEndOfFloat64AndNoFarther) {
  const RateView end = possible({1.5, 1.5, 0}, 256);
  EXPECT_EQ(end.span, least_span(256));
  EXPECT_EQ(precision_of(end, 256), RatePrecision::kDouble);
  std::set<double> rates;
  for (std::uint32_t column = 0; column < 256; ++column) rates.insert(rates_of(end, 256, column, 0).first);
  EXPECT_EQ(rates.size(), 256u) << "every column has a rate of its own";
}

// Boxes of 1 to 16 pixels a side that the boundary passes: how their number falls with their size.
double box_dimension(const RateMap& map) {
  const std::uint32_t side = map.side();
  const auto trained = [&](std::uint32_t x, std::uint32_t y) { return map.run(y * side + x).trained; };
  std::vector<double> sizes, counts;
  for (std::uint32_t box = 1; box <= 16; box *= 2) {
    std::set<std::uint32_t> boxes;
    for (std::uint32_t y = 0; y + 1 < side; ++y)
      for (std::uint32_t x = 0; x + 1 < side; ++x)
        if (trained(x, y) != trained(x + 1, y) || trained(x, y) != trained(x, y + 1))
          boxes.insert(y / box * side + x / box);
    sizes.push_back(std::log(box));
    counts.push_back(std::log(static_cast<double>(boxes.size())));
  }
  double mean_x = 0, mean_y = 0, xy = 0, xx = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    mean_x += sizes[i] / static_cast<double>(sizes.size());
    mean_y += counts[i] / static_cast<double>(sizes.size());
  }
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    xy += (sizes[i] - mean_x) * (counts[i] - mean_y);
    xx += (sizes[i] - mean_x) * (sizes[i] - mean_x);
  }
  return -xy / xx;
}

// What the scene's cues say of the whole.
TEST(RateMap, TheSecondRateDecidesAndTheBestStandsNextToTheWorst) {
  const auto runs = cpu_runs(2);
  RateMap map(64, kWhole);
  fill(map, *runs);
  std::uint32_t best = 0;
  double lowest = 99, highest = -99, over_best = 0;
  std::vector<double> tops;
  for (std::uint32_t column = 0; column < 64; ++column) {
    std::uint32_t top = 0;
    for (std::uint32_t row = 0; row < 64; ++row) {
      const std::uint32_t pixel = row * 64 + column;
      if (map.run(pixel).trained == 0) continue;
      top = row;
      if (map.run(best).trained == 0 || map.run(pixel).score < map.run(best).score) best = pixel;
    }
    tops.push_back(rate_at(kWhole.second, kWhole.span, top + 1.0, 64));
    lowest = std::min(lowest, tops.back());
    highest = std::max(highest, tops.back());
  }
  EXPECT_LT(highest - lowest, 1.1) << "one power of ten, while the first rate grows by nine";
  over_best = tops[best % 64] - rate_at(kWhole.second, kWhole.span, best / 64 + 0.5, 64);
  EXPECT_GT(over_best, 0);
  EXPECT_LT(over_best, 1) << "the fastest is less than one power of ten below the boundary";
}

// What the scene says of the boundary: it is more than a line, at every scale that is looked at.
TEST(RateMap, TheBoundaryIsMoreThanALineAndLessThanAPlane) {
  const auto runs = cpu_runs(2);
  for (const RateView& view :
       {RateView{0.9, 1.75, 0.6}, RateView{0.6875, 1.75, 0.15}, RateView{3.2, 1.55, 0.6}}) {
    RateMap map(64, view);
    fill(map, *runs);
    const double dimension = box_dimension(map);
    std::printf("about 1e%.4f, 1e%.4f over %.2f powers of ten: dimension %.2f\n", view.first, view.second,
                view.span, dimension);
    EXPECT_GT(dimension, 1.1);
    EXPECT_LT(dimension, 2);
  }
}

}  // namespace
}  // namespace fl
