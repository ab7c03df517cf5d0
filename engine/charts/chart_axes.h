#pragma once
// One chart: where it is, and what its axes are and say; knows no device.

#include <string>

#include "engine/charts/curves_choice.h"
#include "engine/pass/pass.h"
#include "engine/pass/ticks.h"

namespace fl {

struct ChartLayout {
  std::string title;  // also the name of the vertical axis
  const char* x_name = "epoch";
  Rect plot;
  bool log = false;   // the vertical axis shows log10 of the value
  glm::vec2 most{1};  // epoch at the right edge, y coordinate at the top edge
  // Epoch at the left edge. Epoch i stands at i, as in Teachable Machine, so that E epochs end at E - 1, and
  // its steps lie around it: where all of them are to be seen, the axis begins half an epoch before 0.
  float x_low = 0;
  float low = 0;  // y coordinate at the bottom edge
  // Pixels at the plot's bottom in which a logarithmic axis goes on below `low`, evenly, to 0 at the very
  // bottom: a loss of 0 has no logarithm. 0 where nothing lies there.
  float below = 0;
  Ticks x, y;           // y: in the axis' coordinate; see `fine`
  float per_epoch = 0;  // above 0: `x` counts steps, so many to an epoch
  bool fine = false;    // a logarithm with marks at 1, 2 and 5: `y` numbers them, 3 a decade
  bool round = false;   // the numbers beside the ticks are written each by itself
  float title_baseline = 0;
  float tick_baseline = 0;  // of the epochs under the plot; only the lowest chart writes them

  // Pixel row of a y coordinate, and what is written beside tick i.
  [[nodiscard]] float row(double coordinate) const {
    return plot.bottom() - below -
           (static_cast<float>(coordinate) - low) / (most.y - low) * (plot.height - below);
  }
  [[nodiscard]] std::string y_text(int i) const;
  // Tick i in the axis' coordinate.
  [[nodiscard]] double y_at(int i) const;
  // Pixel column of tick i of the horizontal axis, not rounded.
  [[nodiscard]] float column_of_tick(int i) const;
};

// How many ticks so far apart have room.
[[nodiscard]] int tick_room(float length, float pitch);

// A logarithm from below the smallest value to above the largest, neither below `floor`: decades, or where
// there are few of them and room, marks between them.
void set_log_axis(ChartLayout& chart, const char* title, float least, float largest, int room,
                  float floor = 1e-6F);

}  // namespace fl
