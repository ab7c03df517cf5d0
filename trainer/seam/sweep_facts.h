#pragma once
// The map of a sweep in a frame: every cell is a training, or the mean of several, coloured by how it ended.

#include <array>
#include <cstddef>
#include <cstdint>

namespace fl {

// What the cells are coloured by.
enum class SweepFigure : std::uint32_t { kTestAccuracy = 0, kLoss = 1 };
inline constexpr std::size_t kSweepFigures = 2;

// The slot's section sweep_cells, [figure][row][column], row 0 the lowest: a shade from 0 to 1 (SweepScale),
// or
inline constexpr float kSweepMissing = 2, kSweepDiverged = 3, kSweepFailed = 4;

// Of the values of one figure: what shades 0 and 1 stand for.
struct SweepScale {
  std::uint32_t values = 0;  // cells that have one
  float low = 0, high = 1;
  std::uint32_t log = 0;     // 1: shades follow the logarithm
  std::uint32_t capped = 0;  // 1: values beyond `high` are shown as `high`
};

// Of runs that differ in their seed alone: how often each test accuracy came, beside how often it would come
// if every test image were called right by chance alone, independently and as often as on average (binomial).
// The slot's section seed_bars: counts of runs, then those expected, kMostSeedBars each.
inline constexpr std::uint32_t kMostSeedBars = 48;
struct SeedFacts {
  std::uint32_t bars = 0;  // 0: there is no histogram
  std::uint32_t runs = 0;  // that have an accuracy
  std::uint32_t test_images = 0;
  float low = 0, high = 1;    // accuracies at the outer edges of the first and the last bar
  float most = 1;             // the highest bar, or what is expected
  float mean = 0, error = 0;  // the 95 % interval of the mean is mean ± error
  float spread = 0;           // standard deviation over the runs
  float chance_spread = 0;    // and of so many test images alone
  std::array<std::int32_t, kMostSeedBars> cells{};  // a run of each bar, the first; -1: it has none
};

struct SweepFacts {
  std::uint32_t columns = 0, rows = 0;             // 0: there is no map
  std::uint32_t known = 0, cells = 0;              // trainings that have ended, of how many
  std::uint32_t diverged = 0, failed = 0;          // of those known
  std::array<SweepScale, kSweepFigures> scales{};  // by SweepFigure
  SeedFacts seeds;
  std::int32_t best = -1;  // row * columns + column of the best cell; -1: there is none
};

}  // namespace fl
