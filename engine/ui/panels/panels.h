#pragma once
// The panels: what Dear ImGui draws beside the bar of controls, at most one of them at a time. Each has its
// own file in this folder and a row in the list in panels.cpp. The action that opens and closes it, with its
// key and its line on the card of keys, follows from the row.

#include <array>
#include <span>
#include <string_view>

#include "engine/stage/view_state.h"
#include "trainer/session/status.h"

namespace fl {

struct ActionContext;

struct PanelInfo {
  std::string_view name;    // of the panel and of its action
  std::array<int, 2> keys;  // as Action::keys
  std::string_view help;    // as Action::help
  // Into the current ImGui frame, whose size is ImGui's own. What it wants done it does by actions and
  // commands.
  void (*draw)(const Status& status, ViewState& view, ActionContext& actions);
};

[[nodiscard]] std::span<const PanelInfo> panels();
// Draws the one that is open in `context`, if any is.
void draw_panels(ActionContext context);

}  // namespace fl
