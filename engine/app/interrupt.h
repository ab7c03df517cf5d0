#pragma once
// Ctrl-C, SIGTERM, and a terminal that closes (SIGHUP, unless it is ignored) ask long work to end after the
// step in hand; another Ctrl-C or SIGTERM ends the program at once, unless it comes within a quarter of a
// second of the first: that is the same one, handed on twice.

namespace fl {

void catch_interrupt();
// Who is told so leaves the rest of the work undone.
[[nodiscard]] bool interrupted();
// The exit code of a program that has left work undone because it was asked to end: 128 and the number of the
// signal, as shells count (130: Ctrl-C). 0: nobody has asked, or all was done by then.
[[nodiscard]] int interrupt_code();

}  // namespace fl
