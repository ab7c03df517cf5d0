#pragma once
// For measurements (tests/bench/live.py): with FALLLINE_LIVE=FILE in the environment the window writes a line
// for each picture into that file.

#include <cstdio>
#include <memory>

#include "trainer/session/status.h"

namespace fl {

class LiveLog {
 public:
  LiveLog();
  // A picture that shows `status` was begun, with `redrawn` as Stage::redrawn() says. Seconds are those since
  // the program's start.
  void picture(const Status& status, float redrawn);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;  // null: nobody measures
};

}  // namespace fl
