// drop_file ID PATH...: drops files on an X window, as a file manager does. Protocol: XDND 5,
// https://www.freedesktop.org/wiki/Specifications/XDND/. Exit code 1 where the window does not take it.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include <X11/Xatom.h>

#include "tests/app/x_display.h"

namespace {

constexpr long kVersion = 5;

struct Drop {
  Display* display;
  Window source, target;
  std::string uri;

  [[nodiscard]] Atom atom(const char* name) const { return XInternAtom(display, name, False); }

  void send(const char* message, const std::array<long, 4>& data) const {
    XEvent event{};
    event.xclient.type = ClientMessage;
    event.xclient.window = target;
    event.xclient.message_type = atom(message);
    event.xclient.format = 32;
    event.xclient.data.l[0] = static_cast<long>(source);
    for (std::size_t i = 0; i < data.size(); ++i) event.xclient.data.l[i + 1] = data[i];
    XSendEvent(display, target, False, NoEventMask, &event);
    XFlush(display);
  }

  // The target asks for what was dropped.
  void answer(const XSelectionRequestEvent& request) const {
    XChangeProperty(display, request.requestor, request.property, request.target, 8, PropModeReplace,
                    reinterpret_cast<const unsigned char*>(uri.data()), static_cast<int>(uri.size()));
    XEvent event{};
    event.xselection.type = SelectionNotify;
    event.xselection.requestor = request.requestor;
    event.xselection.selection = request.selection;
    event.xselection.target = request.target;
    event.xselection.property = request.property;
    event.xselection.time = request.time;
    XSendEvent(display, request.requestor, False, NoEventMask, &event);
    XFlush(display);
  }

  // False: it was not finished in five seconds.
  [[nodiscard]] bool finish() const {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (std::chrono::steady_clock::now() < end) {
      if (XPending(display) == 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        continue;
      }
      XEvent event;
      XNextEvent(display, &event);
      if (event.type == SelectionRequest) answer(event.xselectionrequest);
      if (event.type == ClientMessage && event.xclient.message_type == atom("XdndFinished")) return true;
    }
    return false;
  }
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: drop_file ID PATH...\n", stderr);
    return 2;
  }
  const fl::testing::XDisplay connection;
  Display* const display = connection;
  const Window source = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, 1, 1, 0, 0, 0);
  std::string uris;
  for (int i = 2; i < argc; ++i) uris += "file://" + std::string(argv[i]) + "\r\n";
  const Drop drop{display, source, std::strtoul(argv[1], nullptr, 0), uris};
  XSetSelectionOwner(display, drop.atom("XdndSelection"), source, CurrentTime);
  drop.send("XdndEnter", {kVersion << 24, static_cast<long>(drop.atom("text/uri-list")), 0, 0});
  drop.send("XdndPosition",
            {0, (100 << 16) | 100, CurrentTime, static_cast<long>(drop.atom("XdndActionCopy"))});
  drop.send("XdndDrop", {0, CurrentTime, 0, 0});
  const bool done = drop.finish();
  if (!done) std::fputs("the window does not take the file\n", stderr);
  return done ? 0 : 1;
}
