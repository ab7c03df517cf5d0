// close_window ID: asks an X window to close, as a window manager does when its button is pressed.
#include <cstdio>
#include <cstdlib>

#include "tests/app/x_display.h"

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: close_window ID\n", stderr);
    return 2;
  }
  const fl::testing::XDisplay display;
  XEvent event{};
  event.xclient.type = ClientMessage;
  event.xclient.window = std::strtoul(argv[1], nullptr, 0);
  event.xclient.message_type = XInternAtom(display, "WM_PROTOCOLS", False);
  event.xclient.format = 32;
  event.xclient.data.l[0] = static_cast<long>(XInternAtom(display, "WM_DELETE_WINDOW", False));
  const bool sent = XSendEvent(display, event.xclient.window, False, NoEventMask, &event) != 0;
  return sent ? 0 : 1;
}
