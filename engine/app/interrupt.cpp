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
}

bool interrupted() {
  return asked != 0;
}

}  // namespace fl
