#pragma once
// For measurements (tests/bench/live.py): with FALLLINE_LIVE=FILE in the environment the window writes a line
// for each picture into that file.

#include <cstdio>
#include <memory>
#include <optional>

#include "trainer/session/status.h"

namespace fl {

class LiveLog {
 public:
  LiveLog();
  // Something was typed or moved, at most so many seconds ago.
  void input(double seconds_ago);
  // A picture that shows `status` was begun, with `redrawn` as Stage::redrawn() says. Seconds are those since
  // the program's start. Beside it stands, in seconds, how long the oldest input that the picture before
  // answered had to wait, 0 where there was none, and what that picture took until it was presented.
  void picture(const Status& status, float redrawn);
  // The picture begun last is on the screen.
  void presented();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<std::FILE, Close> file_;  // null: nobody measures
  std::optional<double> input_, drawn_;  // when the oldest came, that no picture has, and that this one has
  std::optional<double> begun_;          // when this picture was
  double answered_ = 0, took_ = 0;
};

}  // namespace fl
