#pragma once
// [train] fork_steps: at which steps of a run its fate is asked (fate.h).

#include <cstddef>
#include <cstdint>
#include <vector>

#include "trainer/scene/key_type.h"

namespace fl {

inline constexpr int kMostForkStep = 1'000'000;

// 1 to kMostForkSteps whole numbers (trainer/seam/fate_facts.h), each once; they are kept in ascending order.
[[nodiscard]] KeyType<std::vector<int>> fork_steps();

// Error: a step is not before the last one of the run, which has so many.
[[nodiscard]] Result<void> check_fork_steps(const std::vector<int>& steps, std::int64_t total_steps);

}  // namespace fl
