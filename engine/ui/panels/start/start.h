#pragma once
// Where to begin: what was open last, the lessons with a sentence each, what was opened before, and any file.

#include "engine/ui/actions.h"

namespace fl {

void draw_start(const Status& status, ViewState& view, ActionContext& actions);

}  // namespace fl
