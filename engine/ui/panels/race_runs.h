#pragma once
// The runs of a race as a table: which is shown, its colour and pattern, its value, what became of it.

namespace fl {

struct ActionContext;
struct ViewState;

void draw_runs(ViewState& view, ActionContext& actions);

}  // namespace fl
