#include "tests/bench/measure.h"

#include <chrono>
#include <thread>

#include <gtest/gtest.h>

namespace fl::bench {
namespace {

void sleep(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

TEST(Measure, ALongCallIsMadeOnce) {
  int calls = 0;
  const double seconds = seconds_per_call(0.1, [&] {
    ++calls;
    sleep(350);
  });
  EXPECT_EQ(calls, 1);
  EXPECT_GE(seconds, 0.35);
}

TEST(Measure, AShortCallIsWarmedUp) {
  int calls = 0;
  const double seconds = seconds_per_call(0.2, [&] { sleep(calls++ == 0 ? 150 : 5); });
  EXPECT_GT(calls, 5);
  EXPECT_GE(seconds, 0.005);
  EXPECT_LT(seconds, 0.15);  // the first call is none of the measurement
}

TEST(Measure, OneCallIsOneCall) {
  int calls = 0;
  EXPECT_GE(seconds_of([&] {
              ++calls;
              sleep(20);
            }),
            0.02);
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace fl::bench
