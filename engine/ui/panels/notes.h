#pragma once
// The lecturer's notes: the cue that is said, what only the lecturer reads of it, and the one that comes
// next.

#include "engine/ui/actions.h"

namespace fl {

void draw_notes(const Status& status, ViewState& view, ActionContext& actions);

}  // namespace fl
