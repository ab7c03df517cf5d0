#pragma once
// The X display that the helpers of the application tests work on.
#include <cstdio>
#include <cstdlib>

#include <X11/Xlib.h>

namespace fl::testing {

class XDisplay {
 public:
  // Ends the program with exit code 1 where there is none.
  XDisplay() : display_(XOpenDisplay(nullptr)) {
    if (display_ != nullptr) return;
    std::fputs("no display\n", stderr);
    std::exit(1);
  }
  ~XDisplay() { XCloseDisplay(display_); }
  XDisplay(const XDisplay&) = delete;
  XDisplay& operator=(const XDisplay&) = delete;
  operator Display*() const { return display_; }

 private:
  Display* display_;
};

}  // namespace fl::testing
