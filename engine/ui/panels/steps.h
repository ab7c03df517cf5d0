#pragma once
// Descents on a surface of two parameters: whose next step is told in phases, and from where they go down
// what.

#include "engine/stage/view_state.h"
#include "trainer/session/status.h"

namespace fl {

struct ActionContext;

void draw_steps(const Status& status, ViewState& view, ActionContext& actions);

}  // namespace fl
