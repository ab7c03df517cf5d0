#pragma once
// Ctrl-C asks long work to end after the step in hand; a second one ends the program at once.

namespace fl {

void catch_interrupt();
[[nodiscard]] bool interrupted();

}  // namespace fl
