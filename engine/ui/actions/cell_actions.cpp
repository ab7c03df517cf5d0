#include "engine/ui/actions/cell_actions.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/charts/sweep/sweep_choice.h"
#include "trainer/subjects/sweep_map/sweep_grid.h"

namespace fl {

bool map_figure(ActionContext& c) {
  if (c.lesson.sweep == nullptr) return false;
  const SweepFigure shown = shown_figure(c.shown.facts.sweep, c.view.sweep.figure);
  c.view.sweep.figure = shown == SweepFigure::kLoss ? SweepFigure::kTestAccuracy : SweepFigure::kLoss;
  return true;
}

bool open_cell(ActionContext& c) {
  if (c.lesson.sweep == nullptr || c.view.sweep.place < 0) return false;
  c.wishes.open = c.lesson.what;
  c.wishes.open_with = c.lesson.settings;
  c.wishes.open_with.push_back(fmt::format(
      "map.cell={}", first_cell_at(*c.lesson.sweep, static_cast<std::size_t>(c.view.sweep.place))));
  return true;
}

bool leave_cell(ActionContext& c) {
  const auto& settings = c.lesson.settings;
  const auto cell =
      std::ranges::find_if(settings, [](const std::string& text) { return text.starts_with("map.cell="); });
  if (cell == settings.end()) return false;
  c.wishes.open = c.lesson.what;
  c.wishes.open_with.assign(settings.begin(), cell);
  return true;
}

}  // namespace fl
