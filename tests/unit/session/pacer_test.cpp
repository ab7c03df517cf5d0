// How many steps a live run makes at one go, at times that the test says.
#include "trainer/session/pace/pacer.h"

namespace fl {
namespace {

using namespace std::chrono_literals;
using Time = Pacer::Clock::time_point;

Time at(double seconds) {
  return Time(1h) +
         std::chrono::duration_cast<Pacer::Clock::duration>(std::chrono::duration<double>(seconds));
}

// A run that never sleeps past what is due, its steps `step` seconds long; the steps it makes until `until`,
// and the most at one go.
struct Made {
  std::int64_t steps = 0, most = 0;
};
Made live(Pacer& pacer, double step, std::int64_t burst, double until, double other_work = 0) {
  Made made;
  double now = 0;
  pacer.go_on(at(0));
  while (now < until) {
    const std::int64_t due = pacer.due(at(now), burst);
    if (due == 0) {
      now += 1e-4;
      continue;
    }
    const double end = now + static_cast<double>(due) * step;
    pacer.made(due, at(now), at(end));
    made.steps += due;
    made.most = std::max(made.most, due);
    now = end + other_work;
  }
  return made;
}

TEST(Pacer, WithoutBurstsAStepIsDueAtEachInterval) {
  Pacer pacer(20, true);
  const Made made = live(pacer, 5e-3, 1, 2);
  EXPECT_EQ(made.most, 1);
  EXPECT_NEAR(static_cast<double>(made.steps), 40, 1);
  EXPECT_NEAR(pacer.steps_per_second(), 20, 0.5);
}

// Steps that make up for other work come close together: their speed is still that of all of them.
TEST(Pacer, BurstsDoNotFlatterTheSpeed) {
  Pacer pacer(36, true);
  live(pacer, 4e-3, 1, 3, 30e-3);
  EXPECT_NEAR(pacer.steps_per_second(), 1 / 34e-3, 1);
  Pacer uneven(36, true);
  double now = 0;
  for (int i = 0; i < 100; ++i) {  // three at once, then a pause
    for (int k = 0; k < 3; ++k, now += 4e-3) uneven.made(1, at(now), at(now + 4e-3));
    now += 1.0 / 12 - 12e-3;
  }
  EXPECT_NEAR(uneven.steps_per_second(), 36, 2);
  const double before = uneven.steps_per_second();
  uneven.go_on(at(now + 60));
  uneven.made(1, at(now + 60), at(now + 60.004));
  EXPECT_EQ(uneven.steps_per_second(), before) << "a pause is no slow step";
}

TEST(Pacer, NothingIsDueBeforeItsTime) {
  Pacer pacer(10, true);
  pacer.go_on(at(0));
  EXPECT_EQ(pacer.due(at(-0.01), 64), 0);
  EXPECT_EQ(pacer.due(at(0), 64), 1);
  pacer.made(1, at(0), at(0.001));
  EXPECT_EQ(pacer.due(at(0.09), 64), 0);
  EXPECT_EQ(pacer.due(at(0.101), 64), 1);
}

TEST(Pacer, AtFullSpeedABurstFillsHalfAFrame) {
  Pacer pacer(0, true);
  const Made quick = live(pacer, 2e-4, 64, 1);
  EXPECT_EQ(quick.most, 41);  // 8.33 ms
  EXPECT_GT(quick.steps, 4900);
  Pacer patient(0, true);
  EXPECT_EQ(live(patient, 1e-5, 64, 0.1).most, 64) << "no more than the program makes in one";
  Pacer slow(0, true);
  EXPECT_EQ(live(slow, 0.05, 64, 1).most, 1) << "a step longer than a frame comes alone";
}

TEST(Pacer, AHighPaceIsHeldInBursts) {
  Pacer pacer(1000, true);
  const Made made = live(pacer, 1e-4, 64, 2, 5e-3);  // 5 ms of landscape between
  EXPECT_NEAR(static_cast<double>(made.steps), 2000, 20);
  EXPECT_GT(made.most, 1);
  EXPECT_LE(made.most, 17) << "not more than a frame's worth";
  EXPECT_NEAR(pacer.steps_per_second(), 1000, 50);
}

TEST(Pacer, TheFirstStepsLengthIsForgotten) {
  Pacer pacer(0, true);
  pacer.go_on(at(0));
  pacer.made(1, at(0), at(2));  // a device compiles
  double now = 2;
  for (int i = 0; i < 16; ++i) {
    const std::int64_t due = pacer.due(at(now), 64);
    pacer.made(due, at(now), at(now + static_cast<double>(due) * 2e-4));
    now += static_cast<double>(due) * 2e-4;
  }
  EXPECT_GT(pacer.due(at(now), 64), 30);
}

TEST(Pacer, WhatAPauseLeftUndoneIsNotMadeUpFor) {
  Pacer pacer(100, true);
  live(pacer, 1e-4, 64, 1);
  EXPECT_LE(pacer.due(at(9), 64), 64);
  pacer.go_on(at(9));
  EXPECT_EQ(pacer.due(at(9), 64), 1);
  pacer.made(1, at(9), at(9.0001));
  EXPECT_EQ(pacer.due(at(9.0001), 64), 0);
  pacer.set_pace(1, at(9.0002));
  EXPECT_EQ(pacer.due(at(9.0002), 64), 1);
  pacer.made(1, at(9.0002), at(9.0003));
  EXPECT_EQ(pacer.due(at(9.9), 64), 0);
}

// The steps within 0.02 seconds after five seconds in which none was made, at a pace of 100.
std::int64_t steps_after_a_stall(bool shared) {
  Pacer pacer(100, shared);
  live(pacer, 1e-4, 64, 1);
  std::int64_t steps = 0;
  for (double now = 6; now < 6.02; now += 1e-3) {
    const std::int64_t due = pacer.due(at(now), 1);
    if (due > 0) pacer.made(due, at(now), at(now + 1e-4));
    steps += due;
  }
  return steps;
}

TEST(Pacer, ADeviceOfItsOwnMakesUpForAFrameAlone) {
  EXPECT_GE(steps_after_a_stall(true), 15) << "0.15 seconds are worth 15 steps";
  EXPECT_LE(steps_after_a_stall(false), 5) << "a frame is worth two, and two are due by then";
}

TEST(Pacer, AStallIsNoReasonToHurry) {
  Pacer pacer(20, true);
  live(pacer, 1e-3, 1, 1);
  // Five seconds in which nothing was made: at once come those of the last 0.15 seconds.
  Made after;
  double now = 6;
  for (; now < 6.01; now += 1e-3) {
    const std::int64_t due = pacer.due(at(now), 1);
    if (due == 0) continue;
    pacer.made(due, at(now), at(now + 1e-3));
    after.steps += due;
  }
  EXPECT_LE(after.steps, 5);
}

}  // namespace
}  // namespace fl
