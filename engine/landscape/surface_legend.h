#pragma once
// Which surface is which, where there are two: the training set's in the colours of its height, the test
// set's in the colour of the test curves.

#include <vector>

#include "engine/pass/label.h"
#include "engine/pass/panel.h"
#include "engine/pass/pass.h"

namespace fl {

// Right-aligned below `top_right`. Draws the marks and appends the words; nothing where there is one surface.
void draw_surface_legend(const PassContext& context, const PanelPass& panels, const ColorMap& colors,
                         glm::vec2 top_right, std::vector<ScreenLabel>& labels_out);

}  // namespace fl
