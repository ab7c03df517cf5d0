#pragma once
// Which surface is which, where there are two: the training set's in the colours of its height, the test
// set's in the colour of the test curves; or those of two runs of a race, whose networks differ.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/pass/pass.h"
#include "engine/pass/stage_texts.h"
#include "engine/text/font.h"

namespace fl {

// Right-aligned below `top_right`. Draws the marks and appends the words; nothing where there is one surface.
void draw_surface_legend(const PassContext& context, const Font& font, const PanelPass& panels,
                         const ColorMap& colors, const StageTexts& texts, glm::vec2 top_right,
                         std::vector<ScreenLabel>& labels_out);
// Pixels, with some room beside it; 0 where there is one surface.
[[nodiscard]] float surface_legend_width(const PassContext& context, const Font& font,
                                         const StageTexts& texts);

}  // namespace fl
