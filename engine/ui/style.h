#pragma once
// How widgets look: their colours, which go with the stage's theme, and the spacing of the bar of controls,
// the rail and the panels beside the stage.

#include <glm/vec4.hpp>
#include <imgui/imgui.h>

#include "engine/pass/theme.h"

namespace fl {

// For ImGui's draw lists.
[[nodiscard]] ImU32 colour(glm::vec4 of, float alpha = 1);

// All colours of all widgets, from now on.
void take_theme(const Theme& theme);

// The words of a button of more weight than others beside it, as long as it is in scope.
class PrimaryButton {
 public:
  PrimaryButton(const Theme& theme, bool primary);
  ~PrimaryButton();
  PrimaryButton(const PrimaryButton&) = delete;
  PrimaryButton& operator=(const PrimaryButton&) = delete;

 private:
  bool primary_;
};

// The spacing, as long as it is in scope. `padding`: inside the window, pixels at scale 1.
class BarStyle {
 public:
  BarStyle(float scale, ImVec2 padding);
  ~BarStyle();
  BarStyle(const BarStyle&) = delete;
  BarStyle& operator=(const BarStyle&) = delete;
};

}  // namespace fl
