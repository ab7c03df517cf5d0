#pragma once
// What a person can do with the scene's timeline in the strip below the stage.

#include <span>

#include "engine/ui/actions.h"

namespace fl {

[[nodiscard]] std::span<const Action> timeline_actions();
// Takes back the last change of the timeline, where the strip is shown and there is one.
bool take_back_timeline(ActionContext& context);

}  // namespace fl
