#pragma once
// Runs of the same lesson before the present one, as far as the curves compare them with it: what they were
// set to and the points of their epochs. They change nothing that is trained.

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "trainer/seam/frame.h"
#include "trainer/subjects/record/history.h"
#include "trainer/subjects/settings/run_settings.h"

namespace fl {

struct EarlierRun {
  std::vector<Setting> settings;      // settings_of its run
  std::uint64_t seed = 1;             // of its start and order
  std::uint32_t steps_per_epoch = 1;  // above 0
  std::uint32_t stride = 1;           // point i is epoch i * stride
  std::vector<EpochPoint> points;     // 1 to kEarlierPoints
  // At its end; without a test set, or where it diverged, not a number.
  float test_accuracy = 0;
};
// Bytes of numbers are compared: what is not a number equals itself.
[[nodiscard]] bool operator==(const EarlierRun& a, const EarlierRun& b);

// The newest first, at most kEarlierRuns.
using EarlierRuns = std::vector<EarlierRun>;

// `run`: as it was set at its end. Of more epochs than fit every n-th is kept. Precondition: there are some.
[[nodiscard]] EarlierRun earlier_run(const RunSpec& run, std::uint64_t seed, std::uint32_t steps_per_epoch,
                                     std::span<const EpochRecord> epochs);

// `runs` with another one before them. The oldest goes where there are more than kEarlierRuns; so does the
// newest where it is the same run, but did not come as far.
[[nodiscard]] EarlierRuns with_another(const EarlierRuns& runs, EarlierRun another);

// In what it differs from the present run, in a few words: "rate 0.01", "rate 0.01, 30 epochs", "seed 2";
// "the same settings".
[[nodiscard]] std::string earlier_words(const EarlierRun& run, std::span<const Setting> present,
                                        std::uint64_t seed);

}  // namespace fl
