#pragma once
// What can be done with the map of a sweep and its cells. False: there is none, and the key means another
// action.

#include "engine/ui/actions.h"

namespace fl {

// Test accuracy and loss by turns.
bool map_figure(ActionContext& context);
// The chosen cell as a training.
bool open_cell(ActionContext& context);
// From there back to the map: without the cell, and without what was set after it.
bool leave_cell(ActionContext& context);

}  // namespace fl
