#pragma once
// What to do next, said once over the lower edge of the stage to whoever sees the program for the first time.

#include "engine/pass/theme.h"

namespace fl {

// Into the current ImGui frame, over the landscape of a stage between `left` and `right`, above `bottom`.
// True: dismissed.
bool draw_first_hint(float left, float right, float bottom, const Theme& theme);

}  // namespace fl
