#include "engine/ui/first_hint.h"

#include <algorithm>
#include <cmath>

#include <imgui/imgui.h>

#include "engine/ui/places.h"
#include "engine/ui/style.h"

namespace fl {
namespace {

constexpr const char* kWords =
    "Space trains and pauses. The numbers open panels, from 1, Start. The question mark lists all keys.";

constexpr float kOfStage = 0.63f;  // its width: beside it are the other parts

}  // namespace

bool draw_first_hint(float left, float right, float bottom, const Theme& theme) {
  right = left + kOfStage * (right - left);
  const float size = ImGui::GetFontSize(), scale = size / 16, side = ImGui::GetFrameHeight();
  const float most = right - left - 2 * size, padding = 16 * scale, gap = 12 * scale;
  if (most < 10 * size) return false;
  const float room = most - 2 * padding - gap - side;
  const float width = std::min(ImGui::CalcTextSize(kWords).x, room);
  ImGui::SetNextWindowPos({std::round((left + right) / 2), std::round(bottom - 2.6f * size)},
                          ImGuiCond_Always, {0.5f, 1});
  ImGui::SetNextWindowSize({0, 0});
  const BarStyle style(scale, {16, 10});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 8 * scale);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, std::max(1.0f, 1.5f * scale));
  ImGui::PushStyleColor(ImGuiCol_Border, colour(theme.accent));
  ImGui::PushStyleColor(ImGuiCol_WindowBg, colour(theme.panel));
  ImGui::Begin("first hint", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_AlwaysAutoResize);
  const ImVec2 at = ImGui::GetCursorPos();
  const float height = ImGui::CalcTextSize(kWords, nullptr, false, width + 1).y;
  ImGui::SetCursorPosY(at.y + std::max(0.0f, std::round((side - height) / 2)));
  ImGui::PushTextWrapPos(at.x + width + 1);
  ImGui::TextUnformatted(kWords);
  ImGui::PopTextWrapPos();
  note_item("first-hint");
  ImGui::SetCursorPos({at.x + width + gap, at.y + std::max(0.0f, std::round((height - side) / 2))});
  const bool dismissed = ImGui::Button("x##hint", {side, side});
  note_item("first-hint-close");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("Does not come again");
  ImGui::End();
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar(2);
  return dismissed;
}

}  // namespace fl
