#pragma once
// Many trainings of one tiny network at once, each with a pair of learning rates of its own, for trainability
// maps. What is trained and what counts as trained: kernels/rate_kernels.h.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "trainer/compute/kernels/rate_kernels.h"

namespace fl {

using kernels::RatePair;
using kernels::RateRun;

// Examples and starting weights, as RateExamples has them.
struct RateTask {
  std::vector<float> inputs, targets, first, second;
  int steps = 500;
};

// Everything normal, the inputs scaled by sqrt(2 / width), as the first layer's sum is; the same for all
// pixels of a map.
[[nodiscard]] RateTask make_rate_task(std::uint64_t seed, int steps);

// float's is twice as fast, and enough where neighbours differ by much more than its rounding.
enum class RatePrecision { kFloat, kDouble };

class RateRuns {
 public:
  virtual ~RateRuns() = default;
  // So many are worth asking for in one call, which then takes some milliseconds.
  [[nodiscard]] virtual std::size_t at_once() const = 0;
  // Run i with pair i. The same bytes however many are asked for together, and on however many threads.
  // Throws DeviceError where a device fails.
  virtual void run(std::span<const RatePair> pairs, RatePrecision precision, std::span<RateRun> runs) = 0;
};

}  // namespace fl
