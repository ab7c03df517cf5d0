#pragma once
// Images from outside of the data set: dropped or named, what the network of the moment says of each, one of
// them on the wall with where the network looks, all of them as CSV. See trainer/session/preview/preview.h.

#include <span>
#include <string>

#include "engine/ui/actions.h"

namespace fl {

void draw_preview(const Status& status, ViewState& view, ActionContext& actions);

// Whether files that were dropped on the window are the preview's: its panel is open, and something is
// trained. Then it has them.
bool preview_takes(std::span<const std::string> dropped, const ActionContext& actions);

}  // namespace fl
