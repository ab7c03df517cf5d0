#pragma once
// How it is trained: what takes effect at once, and what is collected for the next start. The keys' names,
// ranges and texts are those of the table that reads a scene (trainer/subjects/settings/run_settings.h).

#include "engine/ui/actions.h"

namespace fl {

void draw_train(const Status& status, ViewState& view, ActionContext& actions);

}  // namespace fl
