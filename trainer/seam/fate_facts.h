#pragma once
// When a run's fate is sealed, in a frame: for each of some steps two forks of the run with other orders of
// the images, and the loss along the straight line between their weights (trainer/subjects/fate).

#include <array>
#include <cstdint>

namespace fl {

inline constexpr std::uint32_t kMostForkSteps = 10;
inline constexpr std::uint32_t kLinePoints = 21;  // along a line, both ends included

// kComing: the run has not come there. kGone: it went on from a later step. kGrowing: both are trained, and
// the line is that of the weights as they are. kSealed: both are at their end. kBroken: one has diverged.
enum class FateState : std::uint32_t { kComing = 0, kGone = 1, kGrowing = 2, kSealed = 3, kBroken = 4 };

struct FateFacts {
  std::uint32_t count = 0;   // steps; 0: nobody asks
  std::uint32_t chosen = 0;  // one of them
  struct Step {
    std::uint32_t step = 0;
    FateState state = FateState::kComing;
    std::uint32_t measured = 0;  // 1: its line is in the slot's section fate_lines, [step][point]
    float ridge = 0;             // of that line, 0 or more; not a number where a loss on it is none
  };
  std::array<Step, kMostForkSteps> steps{};
  float most_loss = 0, most_ridge = 0;  // of all lines that are in the slot
};

}  // namespace fl
