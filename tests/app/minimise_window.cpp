// minimise_window ID [back]: does with an X window what a window manager does when it is minimised, or comes
// back: unmaps or maps it, and notes the state on it (ICCCM 4.1.3.1).
#include <array>
#include <cstdio>
#include <cstdlib>

#include <X11/Xutil.h>

#include "tests/app/x_display.h"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: minimise_window ID [back]\n", stderr);
    return 2;
  }
  const fl::testing::XDisplay display;
  const Window window = std::strtoul(argv[1], nullptr, 0);
  const bool back = argc > 2;
  if (back)
    XMapWindow(display, window);
  else
    XUnmapWindow(display, window);
  const Atom state = XInternAtom(display, "WM_STATE", False);
  const std::array<long, 2> values{back ? NormalState : IconicState, None};
  XChangeProperty(display, window, state, state, 32, PropModeReplace,
                  reinterpret_cast<const unsigned char*>(values.data()), static_cast<int>(values.size()));
  XSync(display, False);
  return 0;
}
