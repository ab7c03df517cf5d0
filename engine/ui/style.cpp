#include "engine/ui/style.h"

#include <glm/common.hpp>

namespace fl {
namespace {

ImVec4 solid(glm::vec4 of) {
  return {of.x, of.y, of.z, 1};
}

}  // namespace

ImU32 colour(glm::vec4 of, float alpha) {
  return ImGui::ColorConvertFloat4ToU32({of.x, of.y, of.z, of.w * alpha});
}

void take_theme(const Theme& theme) {
  ImVec4* colors = ImGui::GetStyle().Colors;
  const glm::vec4 ground = glm::mix(theme.background_bottom, theme.panel, 0.4f);
  // A widget is the ground with some of the words' colour in it; what is on, or held, has the accent.
  const auto raised = [&](float by) { return solid(glm::mix(ground, theme.text, by)); };
  const auto lit = [&](float by) { return solid(glm::mix(ground, theme.accent, by)); };
  const ImVec4 none{0, 0, 0, 0};
  for (int i = 0; i < ImGuiCol_COUNT; ++i) colors[i] = none;
  colors[ImGuiCol_WindowBg] = solid(ground);
  colors[ImGuiCol_PopupBg] = raised(0.05f);
  colors[ImGuiCol_Text] = solid(theme.text);
  colors[ImGuiCol_TextDisabled] = solid(theme.text_muted);
  colors[ImGuiCol_TextSelectedBg] = lit(0.45f);
  colors[ImGuiCol_Border] = colors[ImGuiCol_Separator] = raised(0.16f);
  colors[ImGuiCol_FrameBg] = raised(0.10f);
  colors[ImGuiCol_FrameBgHovered] = raised(0.16f);
  colors[ImGuiCol_FrameBgActive] = raised(0.20f);
  colors[ImGuiCol_Button] = raised(0.13f);
  colors[ImGuiCol_ButtonHovered] = raised(0.21f);
  colors[ImGuiCol_ButtonActive] = lit(0.5f);
  colors[ImGuiCol_CheckMark] = colors[ImGuiCol_SliderGrab] = solid(theme.accent);
  colors[ImGuiCol_SliderGrabActive] = solid(glm::mix(theme.accent, theme.text, 0.35f));
  colors[ImGuiCol_Header] = lit(0.30f);
  colors[ImGuiCol_HeaderHovered] = raised(0.14f);
  colors[ImGuiCol_HeaderActive] = lit(0.40f);
  colors[ImGuiCol_SeparatorHovered] = colors[ImGuiCol_SeparatorActive] = solid(theme.accent);
  colors[ImGuiCol_ScrollbarGrab] = colors[ImGuiCol_ResizeGrip] = raised(0.20f);
  colors[ImGuiCol_ScrollbarGrabHovered] = colors[ImGuiCol_ResizeGripHovered] = raised(0.30f);
  colors[ImGuiCol_ScrollbarGrabActive] = colors[ImGuiCol_ResizeGripActive] = raised(0.40f);
  colors[ImGuiCol_Tab] = colors[ImGuiCol_TabUnfocused] = raised(0.08f);
  colors[ImGuiCol_TabHovered] = raised(0.21f);
  colors[ImGuiCol_TabActive] = colors[ImGuiCol_TabUnfocusedActive] = lit(0.30f);
  colors[ImGuiCol_TableHeaderBg] = raised(0.08f);
  colors[ImGuiCol_TableBorderStrong] = colors[ImGuiCol_TableBorderLight] = raised(0.16f);
  colors[ImGuiCol_TableRowBgAlt] = raised(0.04f);
  colors[ImGuiCol_PlotHistogram] = colors[ImGuiCol_PlotLines] = solid(theme.accent);
  colors[ImGuiCol_PlotHistogramHovered] = colors[ImGuiCol_PlotLinesHovered] = lit(0.8f);
  colors[ImGuiCol_DragDropTarget] = colors[ImGuiCol_NavHighlight] = solid(theme.accent);
  colors[ImGuiCol_ModalWindowDimBg] = {theme.background_bottom.x, theme.background_bottom.y,
                                       theme.background_bottom.z, 0.6f};
}

PrimaryButton::PrimaryButton(const Theme& theme, bool primary) : primary_(primary) {
  if (!primary_) return;
  const glm::vec4 words = glm::mix(theme.background_bottom, theme.panel, 0.4f);
  ImGui::PushStyleColor(ImGuiCol_Button, solid(theme.accent));
  ImGui::PushStyleColor(ImGuiCol_ButtonHovered, solid(glm::mix(theme.accent, theme.text, 0.2f)));
  ImGui::PushStyleColor(ImGuiCol_ButtonActive, solid(glm::mix(theme.accent, words, 0.3f)));
  ImGui::PushStyleColor(ImGuiCol_Text, solid(words));
}

PrimaryButton::~PrimaryButton() {
  if (primary_) ImGui::PopStyleColor(4);
}

BarStyle::BarStyle(float scale, ImVec2 padding) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {padding.x * scale, padding.y * scale});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {8 * scale, 5 * scale});
  ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, 4 * scale);
  ImGui::PushStyleVar(ImGuiStyleVar_GrabRounding, 3 * scale);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {8 * scale, 6 * scale});
}

BarStyle::~BarStyle() {
  ImGui::PopStyleVar(7);
}

}  // namespace fl
