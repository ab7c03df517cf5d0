#pragma once
// The keys, as a card over the whole picture that can be read from the last row: action "keys" shows and
// hides it.

#include "engine/ui/actions.h"

namespace fl {

// Over the whole picture. A click anywhere hides it again.
void draw_help(const Status& status, ViewState& view, ActionContext& actions);

}  // namespace fl
