#pragma once
// The one thing that a fork does otherwise than the run it left.

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "trainer/compute/kernels/optimizer_kind.h"

namespace fl {

class Training;

// River: the rate falls to nothing over a tenth of the run, so that the ball comes to lie on the floor of the
// valley under its noisy path (Wen et al. 2024, arXiv 2410.05192). Order: other batches of the same images.
// Optimizer: Adam, or momentum where it is that; its memory begins empty.
enum class ForkChange { kRiver, kOrder, kRateUp, kRateDown, kOptimizer };
// As commands and session files call them.
inline constexpr std::array kForkChanges = {"river", "order", "rate x 10", "rate / 10", "optimizer"};
[[nodiscard]] std::optional<ForkChange> fork_change(std::string_view name);

[[nodiscard]] OptimizerKind other_optimizer(OptimizerKind now);

// From the next step of `training` on. `number`: of the fork, which says which other order it is.
void change(Training& training, ForkChange what, std::uint32_t number);
// What such a fork is called, without the step: "river", "Adam". `now`: the run's optimizer.
[[nodiscard]] std::string fork_words(ForkChange what, OptimizerKind now);

}  // namespace fl
