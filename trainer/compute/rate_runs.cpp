#include "trainer/compute/rate_runs.h"

#include <cmath>

#include "trainer/base/random.h"

namespace fl {

RateTask make_rate_task(std::uint64_t seed, int steps) {
  using namespace kernels;
  RateTask task{.inputs = std::vector<float>(std::size_t{kRateExamples} * kRateWidth),
                .targets = std::vector<float>(kRateExamples),
                .first = std::vector<float>(kRateWeights),
                .second = std::vector<float>(kRateWidth),
                .steps = steps};
  std::uint32_t index = 0;
  for (std::vector<float>* values : {&task.first, &task.second, &task.inputs, &task.targets})
    RandomStream(seed, StreamId::kInit, index++).normals(*values);
  for (float& x : task.inputs) x *= std::sqrt(2.0f / kRateWidth);
  return task;
}

}  // namespace fl
