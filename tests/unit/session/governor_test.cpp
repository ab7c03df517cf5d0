// One processor shared out among training, surface and pictures, on a clock of the test's own.
#include "trainer/session/pace/governor.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace fl {
namespace {

using namespace std::chrono_literals;
using Duration = Governor::Duration;

// A session and a window that do one thing at a time on one processor.
struct Hall {
  Governor governor;
  Duration step = 6ms, points = 20ms, picture = 45ms;  // what one of each costs; 0: nothing to do
  Governor::Clock::time_point now = Governor::Clock::time_point{} + 1h;
  int steps = 0, chunks = 0, pictures = 0;

  void turn(Activity activity, Duration time) {
    governor.begin_turn(now);
    now += time;
    governor.end_turn(activity, now);
  }

  void run(Duration time) {
    const auto end = now + time;
    while (now < end) {
      governor.want(Activity::kTraining, step > 0ms);
      governor.want(Activity::kSurface, points > 0ms);
      governor.want(Activity::kPictures, picture > 0ms);
      if (picture > 0ms && governor.until_picture(now) <= 0ms) {
        governor.begin_picture(now);
        now += picture;
        governor.end_picture(now);
        ++pictures;
      } else if (step > 0ms && (points == 0ms || governor.next_of_session() == Activity::kTraining)) {
        turn(Activity::kTraining, step);
        ++steps;
      } else if (points > 0ms) {
        turn(Activity::kSurface, points);
        ++chunks;
      } else {
        now += 1ms;
      }
    }
  }
  [[nodiscard]] double training_share(Duration time) const { return steps * (step / 1.0s) / (time / 1.0s); }
  void forget() { steps = chunks = pictures = 0; }
};

TEST(Governor, SharesAreKeptOverASecondWhateverEachCosts) {
  for (const auto& [step, points, picture] : {std::tuple{6ms, 20ms, 45ms}, std::tuple{25ms, 60ms, 12ms},
                                              std::tuple{1ms, 90ms, 45ms}, std::tuple{50ms, 5ms, 90ms}}) {
    Hall hall;
    hall.step = step, hall.points = points, hall.picture = picture;
    const Shares shares = shared_processor(0.53, Urgent::kNothing);
    hall.governor.set_shares(shares);
    hall.run(2s);
    hall.forget();
    hall.run(10s);
    EXPECT_NEAR(hall.training_share(10s), shares.training, 0.02) << step.count();
    EXPECT_NEAR(hall.chunks * (points / 1.0s) / 10, shares.surface, 0.02);
    EXPECT_NEAR(hall.pictures * (picture / 1.0s) / 10, shares.pictures, 0.02);
  }
}

// Most change little, every fourth a lot.
TEST(Governor, PicturesComeEvenlyThoughTheyDiffer) {
  Hall hall;
  const Shares shares = shared_processor(0.53, Urgent::kNothing);
  hall.governor.set_shares(shares);
  std::vector<double> gaps;
  Duration used{};
  auto begin = hall.now;
  for (int number = 0; number < 160; ++number) {
    hall.picture = number % 4 == 0 ? 40ms : 10ms;
    const auto before = hall.now;
    for (const int known = hall.pictures; hall.pictures == known;) hall.run(1ms);
    if (number < 20) {
      begin = hall.now;
      continue;
    }
    gaps.push_back((hall.now - before) / 1.0s);
    used += hall.picture;
  }
  EXPECT_NEAR((used / 1.0s) / ((hall.now - begin) / 1.0s), shares.pictures, 0.03);
  std::ranges::sort(gaps);
  EXPECT_LE(gaps[gaps.size() * 95 / 100], 2 * gaps[gaps.size() / 2]);
}

TEST(Governor, AHandOnTheCameraComesFirst) {
  Hall hall;
  hall.picture = 32ms;  // coarse
  hall.governor.set_shares(shared_processor(0.53, Urgent::kHandsOn));
  hall.run(1s);
  hall.forget();
  hall.run(5s);
  EXPECT_GE(hall.pictures, 5 * 12);
  EXPECT_GE(hall.training_share(5s), 0.3);
}

TEST(Governor, ASurfaceThatIsMissingGetsMoreThanUsual) {
  const Shares usual = shared_processor(0.53, Urgent::kNothing),
               urgent = shared_processor(0.53, Urgent::kSurface);
  EXPECT_GT(urgent.surface, 1.5 * usual.surface);
  EXPECT_GT(urgent.training, 0.45);
  EXPECT_NEAR(urgent.training + urgent.surface + urgent.pictures, 1, 1e-12);
}

TEST(Governor, WhatNobodyWantsGoesToTheOthers) {
  Hall hall;
  hall.governor.set_shares(shared_processor(0.53, Urgent::kNothing));
  hall.step = 0ms;  // paused
  hall.run(2s);
  EXPECT_EQ(hall.steps, 0);
  EXPECT_GT(hall.pictures * 45 + hall.chunks * 20, 1900);
  hall.points = 0ms;  // the surface is complete, too: nothing holds a picture back
  hall.forget();
  hall.run(1s);
  EXPECT_GE(hall.pictures, 22);
  hall.picture = 0ms, hall.step = 6ms;
  hall.forget();
  hall.run(1s);
  EXPECT_GE(hall.steps, 165);
}

TEST(Governor, WhoComesBackIsNeitherOwedNorOwes) {
  Hall hall;
  hall.governor.set_shares(shared_processor(0.53, Urgent::kNothing));
  hall.step = 0ms;
  hall.run(20s);  // pictures and surface had the processor for long
  hall.step = 6ms;
  hall.forget();
  hall.run(1s);
  EXPECT_LE(hall.training_share(1s), 0.80);  // it does not take all of it to make up for the pause
  EXPECT_GE(hall.training_share(1s), 0.45);
  EXPECT_GE(hall.pictures, 4);
}

TEST(Governor, PicturesOfAnotherProcessorHoldNobodyUp) {
  Governor governor;  // as at first: halves for training and surface
  governor.want(Activity::kTraining, true);
  governor.begin_picture({});
  governor.rest_while_drawing({});
  EXPECT_EQ(governor.until_picture({}), 0ms);
  governor.end_picture(Governor::Clock::time_point{} + 5s);
  EXPECT_EQ(governor.until_picture(Governor::Clock::time_point{} + 5s), 0ms);
}

TEST(Governor, APictureDoesNotWaitForTheEndOfALongTurn) {
  Hall hall;
  hall.governor.set_shares(shared_processor(0.5, Urgent::kHandsOn));
  hall.run(2s);
  const auto wait = hall.governor.until_picture(hall.now);
  hall.governor.begin_turn(hall.now);
  EXPECT_EQ(hall.governor.until_picture(hall.now), wait);
  EXPECT_EQ(hall.governor.until_picture(hall.now + wait), 0ms);
  EXPECT_EQ(hall.governor.until_picture(hall.now + wait + 1s), 0ms);
}

// Two threads work at it, one of which looks round less often.
TEST(Governor, ATurnRestsInItsMiddleWhileAPictureIsDrawn) {
  using Clock = Governor::Clock;
  Governor governor;
  governor.set_shares(shared_processor(0.5, Urgent::kNothing));
  std::atomic<bool> over = false;
  std::atomic<int> parts = 0;
  const auto work = [&](Duration part) {
    while (!over) {
      governor.rest_in_turn();
      std::this_thread::sleep_for(part);
      ++parts;
    }
  };
  const auto begin = Clock::now();
  governor.begin_turn(begin);
  std::jthread often([&] { work(1ms); }), seldom([&] { work(3ms); });
  while (parts < 4) std::this_thread::sleep_for(1ms);
  const auto drawn = Clock::now();
  governor.begin_picture(drawn);
  const int before = parts;
  std::this_thread::sleep_for(120ms);
  // Each finishes the part in hand.
  if (Clock::now() - drawn < 250ms) {
    EXPECT_LE(parts, before + 2);
  }
  const int after = parts;
  governor.end_picture(Clock::now());
  while (parts == after) std::this_thread::sleep_for(1ms);
  over = true;
  often.join();
  seldom.join();
  const auto end = Clock::now();
  EXPECT_LE(governor.end_turn(Activity::kSurface, end), end - begin - 60ms);
  // A renderer that hangs holds nobody up for long.
  governor.begin_picture(Clock::now() - 10s);
  governor.rest_in_turn();
  governor.rest_while_drawing({});
}

TEST(Governor, SaysWhatEachHad) {
  Hall hall;
  hall.governor.set_shares(shared_processor(0.53, Urgent::kNothing));
  static_cast<void>(hall.governor.measure(hall.now));
  for (int i = 0; i < 20; ++i) {
    hall.run(250ms);
    const Shares had = hall.governor.measure(hall.now);
    if (i < 8) continue;
    EXPECT_NEAR(had.training, 0.53, 0.1);
    EXPECT_NEAR(had.training + had.surface + had.pictures, 1, 0.1);
  }
}

// Steps behind a picture take longer, because it emptied the caches: then half of the time is less than half
// of the speed.
TEST(Governor, SaysHowMuchOfItsSpeedTrainingKept) {
  Governor governor;
  auto now = Governor::Clock::time_point{} + 1h;
  EXPECT_EQ(governor.speed_kept(), 0) << "nothing is known";
  static_cast<void>(governor.measure(now));
  for (int second = 0; second < 6; ++second) {
    for (int round = 0; round < 10; ++round) {
      now += 50ms;  // of somebody else
      const Duration first = 20ms, usual = 10ms;
      for (const Duration step : {first, usual, usual, usual}) {
        governor.begin_turn(now);
        now += step;
        governor.end_turn(Activity::kTraining, now);
        governor.stepped(1, step);
      }
    }
    static_cast<void>(governor.measure(now));
  }
  EXPECT_NEAR(governor.measure(now).training, 0.5, 0.02);
  EXPECT_NEAR(governor.speed_kept(), 0.4, 0.02) << "four steps of 10 ms in a tenth of a second";
}

}  // namespace
}  // namespace fl
