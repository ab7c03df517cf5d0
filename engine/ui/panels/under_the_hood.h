#pragma once
// Where the network is right and wrong: what deceives (trainer/subjects/record/findings.h), each class with
// its counts and how sure they are, who is called what, and the wrong images of a cell, the worst first.

#include "engine/ui/actions.h"

namespace fl {

void draw_under_the_hood(const Status& status, ViewState& view, ActionContext& actions);

}  // namespace fl
