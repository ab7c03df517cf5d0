#pragma once
// Ctrl-C, SIGTERM, and a terminal that closes (SIGHUP, unless it is ignored) ask long work to end after the step in
// hand; a second Ctrl-C or SIGTERM ends the program at once.

namespace fl {

void catch_interrupt();
[[nodiscard]] bool interrupted();

}  // namespace fl
