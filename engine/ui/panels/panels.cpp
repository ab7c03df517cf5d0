#include "engine/ui/panels/panels.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <GLFW/glfw3.h>
#include <imgui/imgui.h>

#include "engine/ui/actions.h"
#include "engine/ui/panels/curves_panel.h"
#include "engine/ui/panels/data/data_panel.h"
#include "engine/ui/panels/forks/forks_panel.h"
#include "engine/ui/panels/help.h"
#include "engine/ui/panels/landscape_panel.h"
#include "engine/ui/panels/notes.h"
#include "engine/ui/panels/preview.h"
#include "engine/ui/panels/start/start.h"
#include "engine/ui/panels/steps.h"
#include "engine/ui/panels/train/train.h"
#include "engine/ui/panels/under_the_hood.h"
#include "engine/ui/places.h"
#include "engine/ui/rail.h"
#include "engine/ui/style.h"

namespace fl {
namespace {

constexpr PanelInfo kPanels[] = {
    {.name = "start",
     .keys = {GLFW_KEY_1},
     .help = "Start: lessons and files to open",
     .title = "Start",
     .word = "Start",
     .icon = Icon::kStart,
     .width = 380,
     .draw = draw_start},
    {.name = "data",
     .keys = {GLFW_KEY_2},
     .help = "Data: the images, how they are prepared, what to change",
     .title = "Data",
     .word = "Data",
     .icon = Icon::kData,
     .width = 380,
     .draw = draw_data},
    {.name = "train",
     .keys = {GLFW_KEY_3},
     .help = "Train: how it learns, and the next start",
     .title = "Train",
     .word = "Train",
     .icon = Icon::kTrain,
     .width = 348,
     .draw = draw_train},
    {.name = "under-the-hood",
     .keys = {GLFW_KEY_4},
     .help = "Under the hood: where it is right and wrong",
     .title = "Under the hood",
     .word = "Hood",
     .icon = Icon::kMatrix,
     .width = 348,
     .draw = draw_under_the_hood},
    {.name = "preview",
     .keys = {GLFW_KEY_5},
     .help = "Preview: what it says of other images",
     .title = "Preview",
     .word = "Preview",
     .icon = Icon::kEye,
     .width = 380,
     .draw = draw_preview},
    {.name = kLandscapePanel,
     .keys = {GLFW_KEY_6},
     .help = "Landscape: its plane, its images, what is under the pointer",
     .title = "Landscape",
     .word = "Plane",
     .icon = Icon::kMountain,
     .width = 348,
     .draw = draw_landscape_panel},
    {.name = "curves",
     .keys = {GLFW_KEY_7},
     .help = "Curves: which are shown, and earlier runs",
     .title = "Curves",
     .word = "Curves",
     .icon = Icon::kCurves,
     .width = 348,
     .draw = draw_curves_panel},
    {.name = "steps",
     .keys = {GLFW_KEY_8},
     .help = "Steps: what each optimizer does, phase by phase",
     .title = "Steps",
     .word = "Steps",
     .icon = Icon::kSteps,
     .width = 348,
     .draw = draw_steps},
    {.name = "forks",
     .keys = {GLFW_KEY_9},
     .help = "Forks: the run cloned here, with one thing changed",
     .title = "Forks",
     .word = "Forks",
     .icon = Icon::kFork,
     .width = 348,
     .draw = draw_forks_panel},
    {.name = "notes",
     .keys = {GLFW_KEY_N},
     .help = "The lecturer's notes",
     .title = "Notes",
     .word = "Notes",
     .icon = Icon::kNotes,
     .width = 340,
     .draw = draw_notes},
    {.name = "keys", .keys = {kQuestionMark, GLFW_KEY_F1}, .help = "These keys", .draw = draw_help},
};
constexpr float kLargePicture = 1200;  // pixels high: in a larger one widgets grow, too
constexpr float kOfPicture = 0.48f;  // the most that a panel and the rail take of the width

const PanelInfo* find(std::string_view name) {
  const auto found = std::ranges::find(kPanels, name, &PanelInfo::name);
  return found == std::end(kPanels) ? nullptr : &*found;
}

// Larger than the widgets' by a third or so, at a size the font was made for.
ImFont* title_font() {
  const ImVector<ImFont*>& fonts = ImGui::GetIO().Fonts->Fonts;
  for (ImFont* font : fonts)
    if (font->FontSize >= 1.25f * fonts[0]->FontSize) return font;
  return fonts[0];
}

void draw_title(const PanelInfo& panel, float scale, ActionContext& context) {
  ImGui::PushFont(title_font());
  ImGui::TextUnformatted(panel.title.data(), panel.title.data() + panel.title.size());
  ImGui::PopFont();
  const float side = ImGui::GetFrameHeight();
  ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - side);
  if (ImGui::Button("x##close", {side, side})) action(panel.name).act(context);
  note_item("close-panel");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("Closes this (Escape)");
  ImGui::Dummy({0, 2 * scale});
}

void draw_beside(const PanelInfo& panel, float left, float height, float scale, ActionContext& context) {
  ImGui::SetNextWindowPos({left, 0});
  ImGui::SetNextWindowSize({panel_width(panel.name, ImGui::GetIO().DisplaySize.x, scale), height});
  const BarStyle style(scale, {14, 12});
  ImGui::Begin(std::string(panel.name).c_str(), nullptr,
               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
                   ImGuiWindowFlags_NoCollapse | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus);
  draw_title(panel, scale, context);
  panel.draw(context.status, context.view, context);
  ImGui::End();
}

}  // namespace

float widget_scale(float display, float picture_height) {
  return std::max(display, std::floor(4 * picture_height / kLargePicture) / 4);
}

std::span<const PanelInfo> panels() {
  return kPanels;
}

float panel_width(std::string_view open, float picture, float scale) {
  const PanelInfo* panel = find(open);
  if (panel == nullptr) return 0;
  // Even: the 3-D view begins there (shaders/edges.frag).
  return 2 *
         std::floor(std::min(panel->width * scale, kOfPicture * picture - rail_width(picture, scale)) / 2);
}

void draw_panels(ActionContext context, float left, float height, float scale) {
  const PanelInfo* panel = find(context.panel);
  if (panel == nullptr) return;
  if (panel->width > 0)
    draw_beside(*panel, left, height, scale, context);
  else
    panel->draw(context.status, context.view, context);
}

}  // namespace fl
