#include "engine/ui/panels/start/start.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/panels/start/start_desk.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "engine/ui/thumbnails/thumbnails.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

constexpr std::size_t kRecentRows = 6;

std::string file_name(const std::string& what) {
  const std::filesystem::path path = what;
  return printable((path.has_filename() ? path.filename() : path.parent_path().filename()).string());
}

// A card: its picture, where it has one, and beside it title, length and wrapped words; true where it is
// clicked. `place`: of the picture, as draw_cover() has it.
bool draw_lesson(const ShelfLesson& lesson, std::size_t place, bool open, const Theme& theme) {
  ImFont* font = ImGui::GetFont();
  const float size = ImGui::GetFontSize(), pad = 0.55f * size, width = ImGui::GetContentRegionAvail().x;
  const float words = 0.9f * size, line = 1.25f * size;
  const bool pictured = lesson.picture && place < kCovers;
  const float across = pictured ? std::round(std::min(7 * size, 0.32f * width)) : 0,
              down = std::round(across * kCoverHeight / kCoverWidth);
  const float text_left = pictured ? across + 2 * pad : pad, text_width = width - text_left - pad;
  const float about = font->CalcTextSizeA(words, 1e6f, text_width, lesson.about.c_str()).y;
  const float title = font->CalcTextSizeA(size, 1e6f, text_width, lesson.title.c_str()).y - size;
  const float height = 2 * pad + std::max(title + 2 * line + about, down);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const bool clicked = ImGui::InvisibleButton("##lesson", {width, height});
  const bool lit = ImGui::IsItemHovered() || ImGui::IsItemFocused();
  if (ImGui::IsItemHovered() && !lesson.watch.empty()) {
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(26 * size);
    ImGui::TextUnformatted(lesson.watch.c_str());
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
  }
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const ImVec2 end{at.x + width, at.y + height};
  list.AddRectFilled(at, end, colour(theme.text, lit ? 0.11f : 0.05f), 0.35f * size);
  if (open) list.AddRect(at, end, colour(theme.accent), 0.35f * size, 0, std::max(1.0f, size / 10));
  const float row = std::round(at.y + pad), left = std::round(at.x + text_left);
  if (pictured) {
    const ImVec2 low{std::round(at.x + pad), row};
    draw_cover(place, place + 1, *lesson.picture, low, {low.x + across, low.y + down});
  }
  list.AddText(font, size, {left, row}, colour(theme.text), lesson.title.c_str(), nullptr, text_width);
  const float below = row + title;  // of a title in two lines
  list.AddText(font, words, {left, std::round(below + line)}, colour(theme.accent), lesson.length.c_str());
  list.AddText(font, words, {left, std::round(below + 2 * line)}, colour(theme.text_muted),
               lesson.about.c_str(), nullptr, text_width);
  return clicked;
}

bool draw_recent(const RecentLesson& recent, const char* before) {
  const std::string name = file_name(recent.what);
  std::string words = before + name;
  if (!recent.title.empty() && !name.starts_with(recent.title)) words += fmt::format("  ({})", recent.title);
  const bool clicked = ImGui::Selectable(shortened(words, ImGui::GetContentRegionAvail().x).c_str());
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", printable(recent.what).c_str());
  return clicked;
}

}  // namespace

void draw_start(const Status&, ViewState& view, ActionContext& actions) {
  if (actions.start == nullptr) return;
  StartDesk& desk = *actions.start;
  const float scale = ImGui::GetFontSize() / 16;
  if (desk.browser.is_open()) {
    if (const auto chosen = desk.browser.draw(scale)) actions.wishes.open = *chosen;
    return;
  }
  const StartFacts& facts = desk.facts;
  {
    const PrimaryButton primary(*view.theme, true);
    if (ImGui::Button("Open a project, a scene or images", {-1, 0})) desk.browser.open(desk.lessons);
    note_item("open");
  }
  ImGui::TextDisabled("or drop it on the window");
  if (!facts.recent.empty()) {
    heading("Where you were");
    for (std::size_t i = 0; i < std::min(facts.recent.size(), kRecentRows); ++i) {
      const RecentLesson& one = facts.recent[i];
      ImGui::PushID(static_cast<int>(i));
      if (draw_recent(one, i == 0 ? "Continue: " : "")) {
        actions.wishes.open = one.what;
        actions.wishes.open_with = one.settings;
      }
      note_item(fmt::format("recent-{}", i));
      ImGui::PopID();
    }
  }
  heading(facts.ready ? "Lessons" : "Reading the lessons...");
  for (std::size_t i = 0; i < facts.lessons.size(); ++i) {
    const ShelfLesson& lesson = facts.lessons[i];
    ImGui::PushID(static_cast<int>(i));
    if (draw_lesson(lesson, i, lesson.path == actions.lesson.what, *view.theme))
      actions.wishes.open = lesson.path;
    note_item(fmt::format("lesson-{}", i + 1));
    ImGui::PopID();
  }
}

}  // namespace fl
