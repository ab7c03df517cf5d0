#include "engine/app/interrupt.h"

#include <atomic>
#include <csignal>
#include <ctime>

namespace fl {
namespace {

// A terminal signals every program in it, and a wrapper such as timeout hands the same Ctrl-C on: within this
// time it is one request.
constexpr long kSameRequestMs = 250;

constexpr int kOfSignals = 128;  // what shells add to their numbers

volatile std::sig_atomic_t asked = 0;  // by this signal; 0: nobody has
std::atomic<bool> heard = false;
volatile long first_ms = 0;  // 0: no Ctrl-C and no SIGTERM yet

long now_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<long>(time.tv_sec) * 1000 + static_cast<long>(time.tv_nsec) / 1'000'000;
}

void on_interrupt(int signal) {
  if (first_ms == 0) {
    first_ms = now_ms();
    if (asked == 0) asked = signal;
    return;
  }
  if (now_ms() - first_ms < kSameRequestMs) return;
  std::signal(signal, SIG_DFL);
  std::raise(signal);  // takes effect when this returns
}

// The kernel and the shell may both say that a terminal closes, and nobody means the second one as "at once".
void on_hangup(int signal) {
  if (asked == 0) asked = signal;
}

}  // namespace

void catch_interrupt() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  // Who started the program with nohup wants it to go on.
  struct sigaction before {};
  ::sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler == SIG_IGN) return;
  action.sa_handler = on_hangup;
  ::sigaction(SIGHUP, &action, nullptr);
}

bool interrupted() {
  if (asked == 0) return false;
  heard = true;
  return true;
}

int interrupt_code() {
  return heard ? kOfSignals + asked : 0;
}

}  // namespace fl
