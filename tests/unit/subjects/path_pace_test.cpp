// When snapshots and planes are due, and how much room a plane needs, for a path and a surface of given
// speeds.
#include "trainer/subjects/landscape/path_pace.h"

#include <vector>

#include <gtest/gtest.h>

namespace fl {
namespace {

// So many landscape points are worked for each of the steps up to `step`.
PathPace at(std::int64_t step, double points_a_step, std::int64_t stride = 4) {
  PathPace pace(stride);
  pace.begin(0);
  pace.worked(static_cast<std::size_t>(points_a_step * static_cast<double>(step)));
  return pace;
}

TEST(PathPace, ALongStrideBeginsWithShortOnes) {
  const auto snapshots = [](std::int64_t stride, std::int64_t end) {
    const PathPace pace(stride);
    std::vector<std::int64_t> steps;
    for (std::int64_t step = pace.next_snapshot(0); step <= end; step = pace.next_snapshot(step))
      steps.push_back(step);
    return steps;
  };
  EXPECT_EQ(snapshots(7, 28), (std::vector<std::int64_t>{7, 14, 21, 28}));
  const std::vector<std::int64_t> early = snapshots(500, 2000);
  ASSERT_GE(early.size(), 40u);
  for (std::size_t i = 0; i < 16; ++i)
    EXPECT_EQ(early[i], static_cast<std::int64_t>(i) + 1) << "each of the first";
  EXPECT_EQ(std::vector<std::int64_t>(early.end() - 3, early.end()),
            (std::vector<std::int64_t>{1792, 1920, 2000}))
      << "those of the stride among them";
}

TEST(PathPace, APlaneIsDueAsThePathHasGrownByHalf) {
  PathPace pace(4);
  pace.begin(0);
  EXPECT_FALSE(pace.wants_plane(15, 0.5));
  EXPECT_TRUE(pace.wants_plane(15, 0.95)) << "the ball is about to leave";
  EXPECT_TRUE(pace.wants_plane(16, 0.5));
  pace.promised(16);
  EXPECT_FALSE(pace.wants_plane(23, 0.5));
  EXPECT_TRUE(pace.wants_plane(24, 0.5));
  PathPace endless(5000);
  endless.begin(0);
  EXPECT_TRUE(endless.wants_plane(32, 0)) << "however long the run will be";
}

TEST(PathPace, AFastTrainingNeedsRoom) {
  EXPECT_EQ(at(100, 8).room(100), 1) << "the surface keeps up";
  EXPECT_TRUE(at(100, 8).keeps_up(100));
  EXPECT_FALSE(at(100, 0.5).keeps_up(100));
  const double early = at(200, 0.2).room(200), late = at(2000, 0.2).room(2000);
  EXPECT_GT(early, 1.5) << "the path will be twice as long when the surface is finished";
  EXPECT_GT(late, 1);
  EXPECT_LT(late, 1.15);
  EXPECT_LE(at(50, 0.1).room(50), 2.5) << "too far out";
  EXPECT_TRUE(at(50, 0.1).too_early(50));
  EXPECT_FALSE(at(200, 0.2).too_early(200));
  EXPECT_EQ(at(50, 0).room(50), 1) << "nobody has worked yet: nothing is known";
}

// Somebody pauses: the surface goes on, the path does not.
TEST(PathPace, WhatWasTooEarlyIsNotForLong) {
  PathPace pace = at(40, 0.1);
  EXPECT_TRUE(pace.too_early(40));
  pace.worked(100);
  EXPECT_FALSE(pace.too_early(40));
  pace.laid(40);
  EXPECT_EQ(pace.room(40), 1);
}

}  // namespace
}  // namespace fl
