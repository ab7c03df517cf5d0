#pragma once
// Where the two charts go and what their axes say; knows no device.

#include <array>
#include <string>

#include "engine/pass/pass.h"
#include "engine/pass/ticks.h"
#include "engine/text/font.h"

namespace fl {

// Of the loss. Auto: a logarithm where one loss is above kLogLossFrom.
enum class LossAxis { kAuto, kLinear, kLog };

// What that comes to for this frame.
[[nodiscard]] bool log_loss_axis(const Frame& frame, LossAxis axis);

struct ChartLayout {
  std::string title;  // also the name of the vertical axis
  const char* x_name = "epoch";
  Rect plot;
  bool log = false;   // the vertical axis shows log10 of the value
  glm::vec2 most{1};  // epoch at the right edge (0 is at the left), y coordinate at the top edge
  float low = 0;      // y coordinate at the bottom edge
  // Pixels at the plot's bottom in which a logarithmic axis goes on below `low`, evenly, to 0 at the very bottom: a
  // loss of 0 has no logarithm. 0 where nothing lies there.
  float below = 0;
  Ticks x, y;         // y: in the axis' coordinate; see `fine`
  bool fine = false;  // a logarithm with marks at 1, 2 and 5: `y` numbers them, 3 a decade
  float title_baseline = 0;
  float tick_baseline = 0;  // of the epochs under the plot; only the lower chart writes them

  // Pixel row of a y coordinate, and what is written beside tick i.
  [[nodiscard]] float row(double coordinate) const {
    return plot.bottom() - below -
           (static_cast<float>(coordinate) - low) / (most.y - low) * (plot.height - below);
  }
  [[nodiscard]] std::string y_text(int i) const;
  // Tick i in the axis' coordinate.
  [[nodiscard]] double y_at(int i) const;
};

struct CurvesLayout {
  ChartLayout loss, accuracy;
  float left = 0, right = 0;  // of the panel
  float scale = 1;
  float title_size = 0, text_size = 0;
  float tick_gap = 0;  // between a number of the vertical axis and the plot
};

// The epoch at the right edge: the last of the plan, or more where training went on beyond it; at least 1.
// Epoch i stands at i, as in Teachable Machine, so that E epochs end at E - 1; the steps of an epoch lie
// around its point (shaders/curves.vert).
[[nodiscard]] float last_axis_epoch(const Frame& frame);

// Losses above it put the loss chart on a logarithm: what is worth reading goes down to a tenth, and on a
// linear axis more than three decades higher nothing of it could be seen. Depends on the largest loss alone,
// which only grows, so that the axis changes once and never back.
inline constexpr float kLogLossFrom = 100;

// `panel` in pixels. Charts too low to read have an empty plot; of several descents there is only the loss,
// against steps.
[[nodiscard]] CurvesLayout lay_out_curves(const Frame& frame, const Rect& panel, const Font& font,
                                          float scale, LossAxis axis = LossAxis::kAuto);

}  // namespace fl
