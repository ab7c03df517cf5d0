// The shapes in which kernels run on a device (parallel.h, as it is), with a thread of the host for each thread of a
// block: every index once, sums to the bit as the fake device forms them, and no race for a sanitizer to find.
#include "tests/support/block_threads.h"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "parallel_on_threads.h"
#include "tests/support/fake_device/trainer/compute/cuda/parallel.h"
#include "trainer/base/random.h"
#include "trainer/compute/kernels/layer_sums.h"

// Launches here do not fail.
void fl::cuda::check_launch(const char*, int) {}

namespace fl::test {
namespace {

using cuda::Stream;
using kernels::Sums;

std::vector<float> random_values(std::size_t count) {
  std::vector<float> values(count);
  RandomStream random(7, StreamId::kTest);
  for (float& value : values) value = static_cast<float>(random.normal(0, 1));
  return values;
}

TEST(BlockThreads, EveryIndexIsVisitedOnce) {
  const Stream stream;
  for (const std::size_t count : {0u, 1u, 256u, 300u}) {
    std::vector<int> visits(count + 300);  // plain: two visits at a time would be a race
    cuda::on_threads::for_each_index(stream, count, [to = visits.data()](std::size_t i) { ++to[i]; });
    for (std::size_t i = 0; i < visits.size(); ++i) ASSERT_EQ(visits[i], i < count ? 1 : 0) << i << " of " << count;
  }
}

// Terms that a float's sum would round, each formed once.
struct Total {
  static constexpr int kSums = 2;
  const float* values;
  std::size_t length;
  int* formed;
  double* totals;
  [[nodiscard]] Sums<2> term(std::size_t segment, std::size_t i) const {
    ++formed[segment * length + i];
    const auto value = static_cast<double>(values[segment * length + i]);
    return {{value, 1}};
  }
  void finish(std::size_t segment, const Sums<2>& sums) const {
    totals[2 * segment] = sums.values[0];
    totals[2 * segment + 1] = sums.values[1];
  }
};

TEST(BlockThreads, SumsFormEveryTermOnceAndRepeatToTheBit) {
  const Stream stream;
  for (const std::size_t length : {300u, 4097u}) {
    constexpr std::size_t kSegments = 2;
    const auto values = random_values(kSegments * length);
    std::vector<double> scratch(kernels::sum_scratch(kSegments, length)), first, expected(2 * kSegments);
    for (std::size_t i = 0; i < values.size(); ++i) expected[2 * (i / length)] += static_cast<double>(values[i]);
    for (int again = 0; again < 2; ++again) {
      std::vector<int> formed(values.size());
      std::vector<double> totals(2 * kSegments);
      cuda::on_threads::sum_segments(stream, kSegments, length, scratch.data(), Total{values.data(), length, formed.data(), totals.data()});
      EXPECT_EQ(std::ranges::count(formed, 1), static_cast<std::ptrdiff_t>(formed.size()));
      for (std::size_t s = 0; s < kSegments; ++s) {
        EXPECT_NEAR(totals[2 * s], expected[2 * s], 1e-9);
        EXPECT_EQ(totals[2 * s + 1], static_cast<double>(length));
      }
      if (again == 0) first = totals;
      EXPECT_EQ(totals, first);
    }
  }
}

// A kernel that writes as well as sums: the activation is undone in place.
TEST(BlockThreads, BiasGradientsAreThoseOfTheFakeDevice) {
  constexpr std::size_t kImages = 3, kChannels = 2, kArea = 700;
  const auto output = random_values(kImages * kChannels * kArea);
  const Stream stream;
  std::vector<float> above[2], bias[2];
  for (int real = 0; real < 2; ++real) {
    above[real] = random_values(2 * output.size());
    above[real].erase(above[real].begin(), above[real].begin() + static_cast<std::ptrdiff_t>(output.size()));
    bias[real].resize(kChannels);
    const kernels::BiasGradient kernel{output.data(), above[real].data(), bias[real].data(), {kChannels, kArea}, kernels::Activation::kRelu};
    std::vector<double> scratch(std::max<std::size_t>(1, kernels::sum_scratch(kChannels, kImages * kArea)));
    if (real == 1) cuda::on_threads::sum_segments(stream, kChannels, kImages * kArea, scratch.data(), kernel);
    else cuda::sum_segments(stream, kChannels, kImages * kArea, scratch.data(), kernel);
    stream.synchronize();
  }
  EXPECT_EQ(above[1], above[0]);
  for (std::size_t c = 0; c < kChannels; ++c) EXPECT_FLOAT_EQ(bias[1][c], bias[0][c]);
}

}  // namespace
}  // namespace fl::test
