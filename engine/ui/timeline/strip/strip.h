#pragma once
// The strip below the stage: the scene's timeline over seconds, what happens when in rows of marks, and the
// playhead. It shows and changes a FilmDesk.

#include "engine/stage/view_state.h"
#include "engine/ui/lesson_info.h"

namespace fl {

struct ActionContext;

// Its height in pixels in a picture of this height, a fifth at most; 0 where it is not shown.
[[nodiscard]] float strip_height(const LessonInfo& lesson, const ViewState& view, float picture_height,
                                 float scale);
// Into the current ImGui frame, as wide as the picture, its lower edge at `bottom`. Precondition: it has a
// height.
void draw_strip(ActionContext& context, float bottom, float height, float scale);

}  // namespace fl
