#pragma once
// A window that another program destroys, or a display that goes away, ends an X program in the middle of
// whatever it does: Xlib calls exit(), while other threads still run. Here both become an orderly end.

namespace fl {

// After the window was made. Does nothing where there is no X.
void watch_for_display_loss();
// True once somebody else destroyed the window.
[[nodiscard]] bool window_lost();

}  // namespace fl
