#pragma once
// What a person can do with the card of curves.

#include "engine/charts/curves_choice.h"
#include "engine/ui/actions.h"

namespace fl {

bool loss_axis(ActionContext& c);
template <CurvesKind Kind>
bool show_curves(ActionContext& c) {
  if (c.lesson.trains) c.view.curves.kind = Kind;
  return c.lesson.trains;
}
bool next_curves(ActionContext& c);
bool measure_curvature(ActionContext& c);
bool curves_over(ActionContext& c);
bool earlier_runs(ActionContext& c);
bool forget_earlier(ActionContext& c);

}  // namespace fl
