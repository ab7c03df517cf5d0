#pragma once
// Which curves of the run the card shows, and the earlier runs behind them.

#include "engine/stage/view_state.h"
#include "trainer/session/status.h"

namespace fl {

struct ActionContext;

void draw_curves_panel(const Status& status, ViewState& view, ActionContext& actions);

// What an earlier run ended with, for beside what the present one has: "81 %"; "none" where it had no test
// images, or diverged.
[[nodiscard]] std::string accuracy_words(double accuracy);

}  // namespace fl
