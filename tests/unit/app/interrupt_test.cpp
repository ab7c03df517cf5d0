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

// Whether somebody has left work undone is in the exit code, as shells count; who was done by then has not.
TEST(Interrupt, TheExitCodeSaysByWhatWorkWasEnded) {
  const auto ended_by = [](int signal) {
    catch_interrupt();
    std::raise(signal);
    if (interrupt_code() != 0) std::_Exit(1);
    if (!interrupted()) std::_Exit(2);
    std::_Exit(interrupt_code());
  };
  EXPECT_EXIT(ended_by(SIGINT), ::testing::ExitedWithCode(128 + SIGINT), "");
  EXPECT_EXIT(ended_by(SIGTERM), ::testing::ExitedWithCode(128 + SIGTERM), "");
  EXPECT_EXIT(ended_by(SIGHUP), ::testing::ExitedWithCode(128 + SIGHUP), "");
  EXPECT_EQ(interrupt_code(), 0);
}

}  // namespace
}  // namespace fl
