#pragma once
// The images of the lesson: classes with their counts and pictures, what was left out and why, how an image
// is prepared for the network, and a draft of changes that can be saved as a project.

#include "engine/ui/actions.h"

namespace fl {

class DataDesk;

void draw_data(const Status& status, ViewState& view, ActionContext& actions);

// Its parts, one file each; the lesson trains.
// The grid, as high as there is room over `below` pixels.
void draw_image_grid(DataDesk& desk, const Theme& theme, ActionContext& actions, float below);
// What can be done with what is chosen, and the draft.
void draw_draft(DataDesk& desk, const Theme& theme, ActionContext& actions);
[[nodiscard]] float draft_height(const DataDesk& desk);
void draw_preparing(DataDesk& desk, const Theme& theme, ActionContext& actions);

}  // namespace fl
