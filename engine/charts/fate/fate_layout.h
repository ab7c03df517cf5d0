#pragma once
// Where the two charts of a run's fate go, and their words; knows no device.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/text/font.h"

namespace fl {

struct FateLayout {
  Rect plot;            // of the lines; empty where there is no room, or nobody asks
  float most_loss = 1;  // at its upper edge
  float scale = 1;
  std::vector<Panel> panels;  // grid, axes and bars
  std::vector<ScreenLabel> labels;
};

[[nodiscard]] FateLayout lay_out_fate(const PassContext& context, const Rect& area, const Font& font);

}  // namespace fl
