#pragma once
// Limits that more than one folder holds values to: scenes, projects, controls.

#include <cstdint>

namespace fl {

inline constexpr std::int64_t kMaxSeed =
    (std::int64_t{1} << 53) - 1;  // what a double holds exactly, as commands and JSON have it
inline constexpr int kMaxEpochs = 100'000;
inline constexpr int kMaxBatch = 4096;

}  // namespace fl
