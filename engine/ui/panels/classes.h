#pragma once
// How many of each class's test images were called right, and the images that were called most wrongly.

#include "engine/ui/actions.h"

namespace fl {

void draw_classes(const Status& status, ViewState& view, ActionContext& actions);

}  // namespace fl
