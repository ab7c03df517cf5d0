#pragma once
// The panels: what Dear ImGui draws beside the bar of controls, at most one of them at a time. Each has its
// own file in this folder and a row in the list in panels.cpp. The action that opens and closes it, with its
// key and its line on the card of keys, follows from the row.

#include <array>
#include <span>
#include <string_view>

#include "engine/stage/view_state.h"
#include "engine/ui/panels/icons.h"
#include "trainer/session/status.h"

namespace fl {

struct ActionContext;

struct PanelInfo {
  std::string_view name;    // of the panel and of its action
  std::array<int, 2> keys;  // as Action::keys
  std::string_view help;    // as Action::help
  // Beside the stage, which makes room: its title, its word and icon on the rail, and its width in pixels at
  // scale 1. Width 0: it lies over the whole picture, draws its own window, and is not on the rail.
  std::string_view title{}, word{};
  Icon icon{};
  float width = 0;
  // Into the current ImGui frame, whose size is ImGui's own; beside the stage, into the panel's window. What
  // it wants done it does by actions and commands.
  void (*draw)(const Status& status, ViewState& view, ActionContext& actions) = nullptr;
};

[[nodiscard]] std::span<const PanelInfo> panels();
// Of all widgets: the display's, or more in a picture of so many pixels' height that they would be small
// beside it. In quarters, because fonts are made for it.
[[nodiscard]] float widget_scale(float display, float picture_height);
// What the open one (empty: none) takes of the width of a picture of this width, beside the rail.
[[nodiscard]] float panel_width(std::string_view open, float picture, float scale);
// Draws the one that is open in `context`, if any is; one beside the stage from `left` on, as high as
// `height`, from the top.
void draw_panels(ActionContext context, float left, float height, float scale);

}  // namespace fl
