#pragma once
// The keys, as a card over the whole picture that can be read from the last row: action "keys" shows and
// hides it.

#include "engine/ui/actions.h"

namespace fl {

// Draws into the current ImGui frame, over a picture of this size in pixels. A click anywhere hides it again.
void draw_help(float width, float height, ActionContext context);

}  // namespace fl
