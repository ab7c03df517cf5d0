#pragma once
// Where the two charts go and what their axes say; knows no device.

#include <array>
#include <string>

#include "engine/view/font.h"
#include "engine/view/pass.h"
#include "engine/view/ticks.h"

namespace fl {

struct ChartLayout {
  std::string title;  // also the name of the vertical axis
  Rect plot;
  glm::vec2 most{1};  // epochs at the right edge, value at the top edge; both axes begin at 0
  Ticks x, y;
  float title_baseline = 0;
  float tick_baseline = 0;  // of the epochs under the plot; only the lower chart writes them
};

struct CurvesLayout {
  ChartLayout loss, accuracy;
  float left = 0, right = 0;  // of the panel
  float scale = 1;
  float title_size = 0, text_size = 0;
  float tick_gap = 0;  // between a number of the vertical axis and the plot
};

// Epochs on the horizontal axis: the planned total, or more where training went on beyond it.
[[nodiscard]] float planned_epochs(const FrameHeader& header);

// `panel` in pixels. Charts too low to read have an empty plot.
[[nodiscard]] CurvesLayout lay_out_curves(const FrameHeader& header, const Rect& panel, const Font& font,
                                          float scale);

}  // namespace fl
