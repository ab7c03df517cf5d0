#include "engine/ui/rail.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <imgui/imgui.h>

#include "engine/ui/panels/icons.h"
#include "engine/ui/panels/panels.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kWidth = 68, kNarrow = 44, kRow = 60, kIcon = 24, kWords = 13;
constexpr float kWide = 760;  // a picture from which on the icons have words

void draw_button(const PanelInfo& panel, ImVec2 size, bool words, float scale, ActionContext& context) {
  const Theme& theme = *context.view.theme;
  const bool open = context.panel == panel.name;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  if (ImGui::InvisibleButton(std::string(panel.name).c_str(), size)) action(panel.name).act(context);
  note_item("rail-" + std::string(panel.name));
  const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemFocused();
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip(panel.name).c_str());
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{at.x + size.x, at.y + size.y};
  if (open || hovered) list.AddRectFilled(at, end, colour(theme.text, open ? 0.10f : 0.06f));
  if (open) list.AddRectFilled(at, {at.x + 3 * scale, end.y}, colour(theme.accent));
  const ImU32 ink = colour(open || hovered ? theme.text : theme.text_muted);
  const float icon = kIcon * scale, middle = std::round(at.x + size.x / 2);
  const float above = words ? (size.y - icon - kWords * scale - 4 * scale) / 2 : (size.y - icon) / 2;
  draw_icon(list, panel.icon, {middle, std::round(at.y + above + icon / 2)}, icon, ink);
  if (!words) return;
  ImFont* font = ImGui::GetFont();
  const std::string word(panel.word);
  const float letters = kWords * scale;
  const float width = font->CalcTextSizeA(letters, 1e6f, 0, word.c_str()).x;
  list.AddText(font, letters, {std::round(middle - width / 2), std::round(at.y + above + icon + 4 * scale)},
               ink, word.c_str());
}

}  // namespace

float rail_width(float picture, float scale) {
  return 2 * std::floor((picture >= kWide * scale ? kWidth : kNarrow) * scale / 2);
}

void draw_rail(ActionContext context, float height, float scale) {
  const float picture = ImGui::GetIO().DisplaySize.x, width = rail_width(picture, scale);
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize({width, height});
  const BarStyle style(scale, {0, 0});
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
  ImGui::Begin("rail", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus);
  const auto count = std::ranges::count_if(panels(), [](const PanelInfo& one) { return one.width > 0; });
  const float row = std::floor(std::min(kRow * scale, height / static_cast<float>(std::max<long>(count, 1))));
  // A low window has no room for words below the icons.
  const bool words = width >= kWidth * scale - 2 && row >= (kIcon + kWords + 8) * scale;
  for (const PanelInfo& panel : panels())
    if (panel.width > 0) draw_button(panel, {width, row}, words, scale, context);
  ImGui::End();
  ImGui::PopStyleVar();
}

}  // namespace fl
