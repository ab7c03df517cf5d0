// Trainability maps on the CUDA backend's sources, on a device made of host memory: the bytes are the CPU's.
#include <algorithm>
#include <cmath>
#include <cstring>

#include <gtest/gtest.h>

#include "trainer/compute/backend.h"
#include "trainer/compute/cuda/cuda_rate_runs.h"

namespace fl {
namespace {

TEST(CudaRateRuns, AreTheCpusBytes) {
  const RateTask task = make_rate_task(3, 40);
  const auto cpu = make_cpu_backend(1).value()->rate_runs(task).value();
  cuda::CudaRateRuns device(task, 0);
  std::vector<RatePair> pairs;
  for (int i = 0; i < 100; ++i) pairs.push_back({std::pow(10.0, i % 10 - 3.0), std::pow(10.0, 0.1 * i - 3)});
  for (const auto precision : {RatePrecision::kFloat, RatePrecision::kDouble}) {
    std::vector<RateRun> expected(pairs.size()), got(pairs.size());
    cpu->run(pairs, precision, expected);
    device.run(pairs, precision, got);
    EXPECT_EQ(std::memcmp(got.data(), expected.data(), got.size() * sizeof(RateRun)), 0);
    EXPECT_GT(std::ranges::count(got, 1u, &RateRun::trained), 20);
    EXPECT_GT(std::ranges::count(got, 0u, &RateRun::trained), 20);
  }
}

}  // namespace
}  // namespace fl
