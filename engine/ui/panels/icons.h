#pragma once
// The panels' icons, drawn as lines so that they are sharp at any size.

#include <imgui/imgui.h>

namespace fl {

enum class Icon { kStart, kData, kTrain, kMatrix, kEye, kMountain, kCurves, kSteps, kFork, kNotes };

// In a square of this side around `middle`, pixels; lines of a fourteenth of it, at least one pixel.
void draw_icon(ImDrawList& list, Icon icon, ImVec2 middle, float side, ImU32 colour);

}  // namespace fl
