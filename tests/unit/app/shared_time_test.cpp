// How a window shares one processor out among training, surface and pictures, on a clock of the test's own.
#include "engine/app/window/shared_time.h"

#include <gtest/gtest.h>

namespace fl {
namespace {

using namespace std::chrono_literals;
using Duration = Governor::Duration;

// As fast as it goes: training and the surface always want to work, and pictures are drawn as often as they
// may.
struct Window {
  Governor governor;
  SharedTime time;
  Status status;
  Governor::Clock::time_point now = Governor::Clock::time_point{} + 1h;
  Duration step = 4ms, behind_a_picture = 4ms, points = 12ms, picture = 20ms;
  int steps = 0, pictures = 0;

  explicit Window(double training) {
    time.begin(governor, training);
    status.grid_error = 0.1f;
  }

  void run(Duration length) {
    steps = pictures = 0;
    bool cold = false;
    for (const auto end = now + length; now < end;) {
      time.look(governor, status, false, now);
      for (const Activity one : {Activity::kTraining, Activity::kSurface, Activity::kPictures})
        governor.want(one, true);
      if (governor.until_picture(now) <= 0ms) {
        governor.begin_picture(now);
        now += picture;
        governor.end_picture(now);
        ++pictures;
        cold = true;
        continue;
      }
      const Activity next = governor.next_of_session();
      const Duration took = next == Activity::kSurface   ? points
                            : std::exchange(cold, false) ? behind_a_picture
                                                         : step;
      governor.begin_turn(now);
      now += took;
      governor.end_turn(next, now);
      if (next != Activity::kTraining) continue;
      governor.stepped(1, took);
      ++steps;
    }
  }
  [[nodiscard]] double speed(Duration length) const { return steps * (step / 1.0s) / (length / 1.0s); }
};

TEST(SharedTime, TrainingKeepsItsSpeedThoughItsCachesAreEmptied) {
  for (const Duration behind : {4ms, 30ms}) {
    Window window(0.53);
    window.behind_a_picture = behind;
    window.run(20s);
    window.run(10s);
    EXPECT_NEAR(window.speed(10s), 0.53, 0.03) << behind.count();
    EXPECT_NEAR(window.pictures, 90, 12) << "nine a second";
  }
}

// Dear pictures do not have less than they had before.
TEST(SharedTime, WhatEnoughPicturesLeaveIsTheSurfaces) {
  Window quick(0.53), slow(0.53);
  quick.picture = 10ms;
  slow.picture = 60ms;
  for (Window* window : {&quick, &slow}) window->run(10s);
  const Shares usual = shared_processor(0.53, Urgent::kNothing);
  EXPECT_GT(quick.governor.shares().surface, 1.8 * usual.surface);
  EXPECT_NEAR(slow.governor.shares().surface, usual.surface, 0.03);
}

}  // namespace
}  // namespace fl
