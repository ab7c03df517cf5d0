#include "engine/ui/actions/curves_actions.h"

#include "engine/charts/curves_layout.h"

namespace fl {

bool loss_axis(ActionContext& c) {
  LossAxis& axis = c.view.curves.loss_axis;
  axis = log_loss_axis(c.shown, axis) ? LossAxis::kLinear : LossAxis::kLog;
  return true;
}

bool next_curves(ActionContext& c) {
  const auto next = (static_cast<std::size_t>(c.view.curves.kind) + 1) % kCurvesKinds.size();
  if (c.lesson.trains) c.view.curves.kind = static_cast<CurvesKind>(next);
  return c.lesson.trains;
}

bool measure_curvature(ActionContext& c) {
  const auto& now = c.status.curvature;
  const bool can = now && now->refusal.empty();
  if (can)
    c.commands.push_back(
        command::MeasureCurvature{now->every > 0 ? 0 : static_cast<std::int32_t>(now->usual)});
  return can;
}

bool curves_over(ActionContext& c) {
  if (c.lesson.trains) c.view.curves.steps = !c.view.curves.steps;
  return c.lesson.trains;
}

bool earlier_runs(ActionContext& c) {
  if (c.lesson.trains) c.view.curves.earlier = !c.view.curves.earlier;
  return c.lesson.trains;
}

bool forget_earlier(ActionContext& c) {
  const auto& runs = c.status.figures.earlier;
  const bool some = runs && !runs->empty();
  if (some) c.commands.push_back(command::SetEarlier{});
  return some;
}

}  // namespace fl
