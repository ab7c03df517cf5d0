#pragma once
// One optimizer over one stretch of an arena: a single pass through memory that updates the weights and sums
// the squares of their changes. Each block is updated by a loop that the compiler turns into vector code,
// its changes staying in the first-level cache until they are summed. The order of that sum is fixed by the
// indices alone, so the same weights give the same norm.

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "trainer/compute/kernels/optimizer_kernels.h"

namespace fl {

// A sum of squares in double, where the square of a float is exact and cannot overflow. Eight lanes, because
// one alone waits for each addition.
class SquareSum {
 public:
  void add(std::span<const float> values) {
    std::size_t i = 0;
    for (; i + kLanes <= values.size(); i += kLanes)
      for (std::size_t lane = 0; lane < kLanes; ++lane) add_to(lane, values[i + lane]);
    for (std::size_t lane = 0; i < values.size(); ++i, ++lane) add_to(lane, values[i]);
  }
  [[nodiscard]] double total() const {
    return ((lanes_[0] + lanes_[4]) + (lanes_[2] + lanes_[6])) +
           ((lanes_[1] + lanes_[5]) + (lanes_[3] + lanes_[7]));
  }

 private:
  static constexpr std::size_t kLanes = 8;
  void add_to(std::size_t lane, float value) {
    const auto wide = static_cast<double>(value);
    lanes_[lane] += wide * wide;
  }
  std::array<double, kLanes> lanes_{};
};

// The arrays of a stretch; those that an optimizer has no use for are null.
struct ArenaArrays {
  float* params = nullptr;
  const float* gradients = nullptr;
  float* first = nullptr;
  float* second = nullptr;
};

using StepF = kernels::OptimizerStep<float>;

// The arrays never overlap, and `step` comes by value: both tell the compiler that no store changes an input.
template <auto kKernel>
void update_block(float* __restrict params, const float* __restrict gradients, float* __restrict first,
                  float* __restrict second, float* __restrict changes, std::size_t count, const StepF step) {
  constexpr int kArrays = kernels::state_arrays(kKernel);
  for (std::size_t i = 0; i < count; ++i) {
    const float before = params[i];
    float weight = before;
    const float gradient = kernels::decayed_gradient(weight, gradients[i], step);
    kernels::update<kKernel>(weight, gradient, kArrays > 0 ? first + i : nullptr,
                             kArrays > 1 ? second + i : nullptr, step);
    params[i] = weight;
    changes[i] = weight - before;
  }
}

template <auto kKernel>
void update_arena(const ArenaArrays& arrays, std::size_t begin, std::size_t end, const StepF& step,
                  SquareSum& sum) {
  constexpr std::size_t kBlock = 512;
  std::array<float, kBlock> changes;
  for (std::size_t i = begin; i < end; i += kBlock) {
    const std::size_t count = std::min(kBlock, end - i);
    constexpr int kArrays = kernels::state_arrays(kKernel);
    update_block<kKernel>(arrays.params + i, arrays.gradients + i, kArrays > 0 ? arrays.first + i : nullptr,
                          kArrays > 1 ? arrays.second + i : nullptr, changes.data(), count, step);
    sum.add(std::span(changes).first(count));
  }
}

}  // namespace fl
