#pragma once
// Limits that more than one folder holds values to: scenes, projects, controls.

#include <cstdint>

namespace fl {

// What a double holds exactly, as commands and JSON have it.
inline constexpr std::int64_t kMaxSeed = (std::int64_t{1} << 53) - 1;
inline constexpr int kMaxEpochs = 100'000;
inline constexpr int kMaxBatch = 4096;
// Steps a second that a live run can be paced to.
inline constexpr double kMostPace = 1e6;

}  // namespace fl
