#pragma once
// How the bar of controls and the panels beside the stage look, as long as it is in scope.

#include <imgui/imgui.h>

namespace fl {

class BarStyle {
 public:
  // `padding`: inside the window, pixels at scale 1.
  BarStyle(float scale, ImVec2 padding) {
    ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {padding.x * scale, padding.y * scale});
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {8 * scale, 5 * scale});
    ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, 4 * scale);
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {8 * scale, 6 * scale});
  }
  ~BarStyle() { ImGui::PopStyleVar(6); }
  BarStyle(const BarStyle&) = delete;
  BarStyle& operator=(const BarStyle&) = delete;
};

}  // namespace fl
