// What a signal asks for, in a process of its own each.
#include "engine/app/interrupt.h"

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <initializer_list>
#include <thread>

namespace fl {
namespace {

[[noreturn]] void signalled(std::initializer_list<int> signals, std::chrono::milliseconds between) {
  catch_interrupt();
  if (interrupted()) std::_Exit(1);
  bool first = true;
  for (const int signal : signals) {
    if (!first) std::this_thread::sleep_for(between);
    first = false;
    std::raise(signal);
    if (!interrupted()) std::_Exit(2);
  }
  std::_Exit(0);
}

TEST(Interrupt, OneRequestThatIsHandedOnTwiceIsOne) {
  EXPECT_EXIT(signalled({SIGINT, SIGINT}, {}), ::testing::ExitedWithCode(0), "");
  EXPECT_EXIT(signalled({SIGTERM, SIGINT, SIGTERM}, {}), ::testing::ExitedWithCode(0), "");
}

TEST(Interrupt, ALaterOneEndsTheProgram) {
  EXPECT_EXIT(signalled({SIGINT, SIGINT}, std::chrono::milliseconds {300}), ::testing::KilledBySignal(SIGINT), "");
  EXPECT_EXIT(signalled({SIGINT, SIGTERM}, std::chrono::milliseconds {300}), ::testing::KilledBySignal(SIGTERM), "");
}

TEST(Interrupt, AClosedTerminalIsNoCtrlC) {
  EXPECT_EXIT(signalled({SIGHUP, SIGHUP, SIGINT}, std::chrono::milliseconds {300}), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace fl
