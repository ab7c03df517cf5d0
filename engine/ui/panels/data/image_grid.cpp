#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/imgui_layer.h"
#include "engine/ui/panels/data/data_desk.h"
#include "engine/ui/panels/data/data_panel.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "engine/ui/thumbnails/thumbnails.h"
#include "trainer/data/same_images.h"

namespace fl {
namespace {

constexpr float kCell = 3.4f, kGap = 0.3f;  // of the font's size
constexpr float kLittle = 0.75f;            // words on a picture
constexpr float kFewestRows = 3;

// What is drawn over the pictures of a row, once they are there.
struct Mark {
  ImVec2 low, high;
  std::size_t image = 0;
  bool hovered = false;
};

void draw_word(ImDrawList& list, const char* word, ImVec2 low, float width, ImU32 ground, ImU32 ink) {
  ImFont* font = ImGui::GetFont();
  const float size = std::max(kLittle * ImGui::GetFontSize(), 11.0f);
  const ImVec2 words = font->CalcTextSizeA(size, 1e6f, 0, word);
  list.AddRectFilled(low, {low.x + width, low.y + size + 2}, ground);
  list.AddText(font, size, {std::round(low.x + (width - words.x) / 2), low.y + 1}, ink, word);
}

void draw_mark(const Mark& mark, const DataDesk& desk, const SameImages* same, const Theme& theme) {
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float line = std::max(1.0f, ImGui::GetFontSize() / 8), width = mark.high.x - mark.low.x;
  const float word = std::max(kLittle * ImGui::GetFontSize(), 11.0f) + 2;
  const ImU32 dark = colour(theme.background_bottom);
  if (same != nullptr && !same->marked.empty() && same->marked[mark.image])
    draw_word(list, "copy", mark.low, width, colour(theme.warning), dark);
  if (desk.tests(mark.image)) {
    draw_word(list, "test", {mark.low.x, mark.high.y - word}, width, colour(theme.test), dark);
    list.AddRect(mark.low, mark.high, colour(theme.test), 0, 0, line);
  }
  if (desk.is_chosen(mark.image) || mark.hovered)
    list.AddRect({mark.low.x - line, mark.low.y - line}, {mark.high.x + line, mark.high.y + line},
                 colour(theme.text, desk.is_chosen(mark.image) ? 1 : 0.5f), 0, 0, 1.5f * line);
}

void draw_tooltip(std::size_t image, const DataDesk& desk, const LessonInfo& lesson) {
  const std::string& name = lesson.data->names[image];
  std::string words = fmt::format("image {}", image + 1);
  if (!name.empty() && ImGuiLayer::can_write(name)) words += ": " + name;
  words += desk.tests(image) ? "\na test image: the network is never trained on it" : "\nto train on";
  ImGui::SetTooltip("%s", words.c_str());
}

void choose(std::size_t image, DataDesk& desk, ActionContext& actions) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyCtrl) return desk.add_or_drop(image);
  if (io.KeyShift) return desk.choose_up_to(image);
  desk.choose(image);
  actions.commands.push_back(command::ShowImage{static_cast<std::int32_t>(image)});
}

// The row of a class: a click folds it.
void draw_class(std::size_t c, float height, DataDesk& desk, const Theme& theme) {
  const float size = ImGui::GetFontSize(), all_width = ImGui::CalcTextSize("All").x + size;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  if (ImGui::InvisibleButton("##class", {width - all_width - 0.3f * size, height})) desk.fold(c);
  note_item(fmt::format("class-{}", c));
  const bool hovered = ImGui::IsItemHovered();
  if (hovered) ImGui::SetTooltip(desk.folded(c) ? "Shows its images" : "Folds its images away");
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const float top = std::round(at.y + height - 2.5f * size), left = at.x + 1.2f * size;
  const ImU32 ink = ImGui::GetColorU32(ImGuiCol_Text),
              muted = colour(hovered ? theme.text : theme.text_muted);
  const ImVec2 tip{at.x + 0.45f * size, top + 0.55f * size};
  const float a = 0.28f * size;
  if (desk.folded(c))
    list.AddTriangleFilled({tip.x - a, tip.y - a}, {tip.x + a, tip.y}, {tip.x - a, tip.y + a}, muted);
  else
    list.AddTriangleFilled({tip.x - a, tip.y - a}, {tip.x + a, tip.y - a}, {tip.x, tip.y + a}, muted);
  const std::size_t all = desk.images_of(c).size(), tests = desk.tests_of(c);
  const std::string name = class_word(desk.edits().classes()[c], c);
  list.AddText({left, top}, ink, shortened(name, width - all_width - 1.6f * size).c_str());
  const std::string counts = all == 0 ? "no image left: the class goes"
                                      : fmt::format("{} to train on, {} to test with", all - tests, tests);
  list.AddText({left, top + 1.15f * size}, colour(theme.text_muted), counts.c_str());
  ImGui::SetCursorScreenPos({at.x + width - all_width, top});
  if (ImGui::Button("All", {all_width, 0})) desk.choose_class(c);
  note_item(fmt::format("choose-class-{}", c));
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("Chooses all its images");
}

}  // namespace

void draw_image_grid(DataDesk& desk, const Theme& theme, ActionContext& actions, float below) {
  const float size = ImGui::GetFontSize(), gap = std::round(kGap * size);
  const float least = kFewestRows * (kCell * size + gap);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {gap, gap});
  ImGui::PushStyleVar(ImGuiStyleVar_GrabMinSize, 2 * size);  // of a bar beside 32,000 images
  ImGui::BeginChild("##grid", {0, std::max(ImGui::GetContentRegionAvail().y - below, least)});
  // Room for a frame around the outermost.
  const float edge = std::round(0.2f * size);
  const float width = ImGui::GetContentRegionAvail().x - edge;
  const auto columns = std::max(1.0f, std::floor((width + gap) / (kCell * size + gap)));
  const float cell = std::floor((width - edge - (columns - 1) * gap) / columns);
  const SameImages* same = actions.status.figures.same.get();
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(desk.rows(static_cast<std::size_t>(columns))), cell + gap);
  std::vector<ThumbnailSpot> spots;
  std::vector<Mark> marks;
  std::optional<std::size_t> clicked;
  while (clipper.Step())
    for (int r = clipper.DisplayStart; r < clipper.DisplayEnd; ++r) {
      const DataDesk::Row row = desk.row(static_cast<std::size_t>(r));
      const ImVec2 at = ImGui::GetCursorScreenPos();
      ImGui::PushID(r);
      if (!row.images) {
        draw_class(row.c, cell, desk, theme);
      } else {
        float left = at.x + edge;
        for (const std::uint32_t image : *row.images) {
          const ImVec2 low{left, at.y}, high{left + cell, at.y + cell};
          ImGui::SetCursorScreenPos(low);
          ImGui::PushID(static_cast<int>(image));
          if (ImGui::InvisibleButton("##image", {cell, cell})) clicked = image;
          note_item(fmt::format("image-{}", image));
          ImGui::PopID();
          if (ImGui::IsItemHovered()) draw_tooltip(image, desk, actions.lesson);
          marks.push_back({low, high, image, ImGui::IsItemHovered() || ImGui::IsItemFocused()});
          spots.push_back({image, low, high});
          ImGui::GetWindowDrawList()->AddRectFilled(low, high, colour(theme.grid, 0.3f));
          left += cell + gap;
        }
      }
      ImGui::PopID();
      ImGui::SetCursorScreenPos({at.x, at.y + cell + gap});
    }
  draw_thumbnails(actions.lesson, spots);
  for (const Mark& mark : marks) draw_mark(mark, desk, same, theme);
  if (clicked) choose(*clicked, desk, actions);
  ImGui::EndChild();
  note_item("data-grid");
  ImGui::PopStyleVar(2);
}

}  // namespace fl
