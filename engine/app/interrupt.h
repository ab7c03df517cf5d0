#pragma once
// Ctrl-C, SIGTERM, and a terminal that closes (SIGHUP, unless it is ignored) ask long work to end after the
// step in hand; another Ctrl-C or SIGTERM ends the program at once, unless it comes within a quarter of a
// second of the first: that is the same one, handed on twice.

namespace fl {

void catch_interrupt();
[[nodiscard]] bool interrupted();

}  // namespace fl
