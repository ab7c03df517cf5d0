#include "engine/app/window/display_loss.h"

#include <atomic>

#ifdef FALLLINE_X11
#include <cstdlib>

#include <X11/Xlib.h>

#include "trainer/base/log.h"
#endif

namespace fl {
namespace {

std::atomic<bool> lost{false};

#ifdef FALLLINE_X11
int on_error(Display*, XErrorEvent* event) {
  // What a window that is gone answers; anything else has its own way to fail.
  if (event->error_code == BadWindow || event->error_code == BadDrawable) lost.store(true);
  return 0;
}

int on_connection_lost(Display*) {
  log_line(LogLevel::kError, "The display went away; the window is closed.");
  // Xlib would exit() now, and destroy what the training thread still uses.
  std::_Exit(1);
}
#endif

}  // namespace

void watch_for_display_loss() {
  lost.store(false);
#ifdef FALLLINE_X11
  XSetErrorHandler(on_error);
  XSetIOErrorHandler(on_connection_lost);
#endif
}

bool window_lost() {
  return lost.load();
}

}  // namespace fl
