#pragma once
// Forks of the run: what it would have become, had one thing been changed at a step.

#include "engine/stage/view_state.h"
#include "trainer/session/status.h"

namespace fl {

struct ActionContext;

void draw_forks_panel(const Status& status, ViewState& view, ActionContext& actions);

}  // namespace fl
