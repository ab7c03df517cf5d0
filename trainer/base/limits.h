#pragma once
// Limits that more than one folder holds values to: scenes, projects, controls.

#include <cstddef>
#include <cstdint>

namespace fl {

// What a double holds exactly, as commands and JSON have it.
inline constexpr std::int64_t kMaxSeed = (std::int64_t{1} << 53) - 1;
inline constexpr int kMaxEpochs = 100'000;
inline constexpr int kMaxBatch = 4096;
// Steps a second that a live run can be paced to.
inline constexpr double kMostPace = 1e6;
// Memory that what happened in a live session may take: hours at the very least, days as a rule.
inline constexpr std::size_t kMostSessionLogBytes = std::size_t{128} << 20;
// A session's file: more than a full log makes.
inline constexpr std::size_t kMostSessionBytes = std::size_t{512} << 20;
// Runs in one session.
inline constexpr std::uint64_t kMostRuns = 65'536;

}  // namespace fl
