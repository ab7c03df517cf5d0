#include "engine/app/interrupt.h"

#include <csignal>

namespace fl {
namespace {

volatile std::sig_atomic_t asked = 0;

void on_interrupt(int) {
  asked = 1;
}

}  // namespace

void catch_interrupt() {
  struct sigaction action {};
  action.sa_handler = on_interrupt;
  action.sa_flags = static_cast<int>(SA_RESETHAND);  // the second one gets the default: the end
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
  // A terminal that closes: the kernel and the shell may both say so, and nobody means the second one as "at once". Who
  // started the program with nohup wants it to go on.
  struct sigaction before {};
  ::sigaction(SIGHUP, nullptr, &before);
  if (before.sa_handler == SIG_IGN) return;
  action.sa_flags = 0;
  ::sigaction(SIGHUP, &action, nullptr);
}

bool interrupted() {
  return asked != 0;
}

}  // namespace fl
