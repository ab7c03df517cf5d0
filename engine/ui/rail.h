#pragma once
// The rail along the window's left edge: a button for each panel beside the stage, an icon with a word.

#include "engine/ui/actions.h"

namespace fl {

// Its width in pixels in a picture of this width.
[[nodiscard]] float rail_width(float picture, float scale);
// Into the current ImGui frame, as high as `height`, from the top; clicks act in `context`.
void draw_rail(ActionContext context, float height, float scale);

}  // namespace fl
