#include "engine/ui/panels/preview.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <imgui/imgui.h>
#include <imgui/imgui_stdlib.h>

#include "engine/ui/imgui_layer.h"
#include "engine/ui/panels/start/browser.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "engine/ui/typed_path.h"
#include "trainer/base/counted.h"
#include "trainer/base/utf8.h"
#include "trainer/session/preview/preview.h"

namespace fl {
namespace {

// What is typed and chosen here; there is one window.
struct Kept {
  Browser browser{{has_images, "All images in it, those of its folders among them"}};
  std::string place{};
  PreviewOrder order = PreviewOrder::kAsGiven;
  // The table's order, of these results.
  std::uint64_t version = 0;
  PreviewOrder ordered_by = PreviewOrder::kAsGiven;
  std::vector<std::size_t> rows{};
};
Kept& kept() {
  static Kept one;
  return one;
}

void warning(const std::string& text, const Theme& theme) {
  ImGui::PushStyleColor(ImGuiCol_Text, {theme.warning.r, theme.warning.g, theme.warning.b, 1});
  paragraph(text);
  ImGui::PopStyleColor();
}

std::string class_word(const PreviewResults& results, std::size_t index) {
  return fl::class_word(results.classes[index], index);
}

// Of a path its last name, as much of the end as fits into so many pixels.
std::string ending_of(const std::string& path, std::size_t number, float width) {
  const std::string name = path.substr(path.rfind('/') + 1);
  const std::string text = ImGuiLayer::can_write(name) ? name : fmt::format("image {}", number + 1);
  if (ImGui::CalcTextSize(text.c_str()).x <= width) return text;
  std::string_view part = text;
  const auto begun = [&part] { return "..." + std::string(part); };
  while (!part.empty() && ImGui::CalcTextSize(begun().c_str()).x > width)
    part.remove_prefix(std::max<std::size_t>(first_character(part).bytes, 1));
  return begun();
}

void draw_choice(bool empty) {
  if (empty) {
    ImGui::Dummy({0, 0.3f * ImGui::GetFontSize()});
    paragraph("Drop images on the window: files, a folder, a .zip.");
    ImGui::Dummy({0, 0.3f * ImGui::GetFontSize()});
  }
  if (ImGui::Button(empty ? "Or choose them" : "Other images", {-1, 0})) kept().browser.open({});
  note_item("preview-choose");
}

// What all of them are called, and of which weights that is.
void draw_summary(const PreviewResults& results, const Theme& theme) {
  const std::size_t all = results.images->size(), predicted = results.predicted(), failed = results.failed();
  std::vector<std::size_t> called(results.classes.size());
  std::int64_t first = -1, last = -1;
  for (std::size_t i = 0; i < all; ++i) {
    const auto prediction = results.prediction(i);
    if (!prediction) continue;
    ++called[*prediction];
    first = first < 0 ? results.steps[i] : std::min(first, results.steps[i]);
    last = std::max(last, results.steps[i]);
  }
  std::string words = counted(all, "image");
  if (results.reading) words += " so far";
  for (std::size_t c = 0; c < called.size(); ++c)
    if (called[c] > 0) words += fmt::format(", {} {}", called[c], class_word(results, c));
  paragraph(words);
  note_item("preview-summary");
  if (predicted > 0)
    ImGui::TextDisabled("%s",
                        (first == last ? fmt::format("as the network is at step {}", last)
                                       : fmt::format("as the network was at steps {} to {}", first, last))
                            .c_str());
  if (failed > 0) {
    const auto broken =
        std::ranges::find_if(*results.images, [](const auto& one) { return !one.failure.empty(); });
    warning(broken->failure, theme);
  }
  if (failed > 1) warning(fmt::format("{} more cannot be looked at.", counted(failed - 1, "file")), theme);
  if (!results.note.empty()) warning(results.note, theme);
}

// False: there is nothing to switch.
bool draw_heat_switch(const Status& status, ActionContext& actions) {
  if (!actions.shown.facts.has_heat) return false;
  bool on = status.heat.on;
  if (ImGui::Checkbox("Where it looks", &on)) action("heat").act(actions);
  note_item("preview-heat");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip("heat").c_str());
  return true;
}

// For which class, where that is shown.
void draw_heat_class(const Status& status, const PreviewResults& results, ActionContext& actions) {
  if (!status.heat.on || !actions.shown.facts.has_heat) return;
  const auto word = [&](std::int32_t of) {
    return of < 0 ? std::string("what it is called") : class_word(results, static_cast<std::size_t>(of));
  };
  const auto classes = static_cast<std::int32_t>(results.classes.size());
  const std::int32_t now = status.heat.of < classes ? status.heat.of : -1;
  ImGui::SetNextItemWidth(-1);
  const bool open = ImGui::BeginCombo("##for", ("warm: speaks for " + word(now)).c_str());
  note_item("preview-heat-class");
  if (!open) return;
  for (std::int32_t of = -1; of < classes; ++of) {
    ImGui::PushID(of);
    if (text_row(word(of), of == now)) actions.commands.push_back(command::ShowHeat{.on = true, .of = of});
    note_item(of < 0 ? "preview-heat-called" : fmt::format("preview-heat-{}", of));
    ImGui::PopID();
  }
  ImGui::EndCombo();
}

// The image and the bars of its classes alone, as large as the picture.
void draw_large_switch(ViewState& view) {
  const TileChoice image{0, 0};
  bool large = view.filled() == StageFill::kWall && view.wall.tile == image;
  const bool changed = ImGui::Checkbox("Large", &large);
  note_item("preview-large");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("The image and its classes over the whole picture");
  if (!changed) return;
  view.fill(large ? StageFill::kWall : StageFill::kNone);
  view.wall.tile.reset();
  if (large) view.wall.tile = image;
}

void draw_order() {
  bool least = kept().order == PreviewOrder::kLeastSure;
  if (ImGui::Checkbox("Least sure first", &least))
    kept().order = least ? PreviewOrder::kLeastSure : PreviewOrder::kAsGiven;
  note_item("preview-least-sure");
}

// `on_wall`: an image from outside is.
void draw_row(const PreviewResults& results, std::size_t row, std::size_t image, bool on_wall,
              const Theme& theme, Preview& preview) {
  const PreviewImage& one = (*results.images)[image];
  const auto called = results.prediction(image);
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  ImGui::PushID(static_cast<int>(image));
  const bool shown = on_wall && results.shown == static_cast<std::int32_t>(image);
  const std::string name = ending_of(one.name, image, ImGui::GetContentRegionAvail().x);
  if (text_row(name, shown, ImGuiSelectableFlags_SpanAllColumns) && one.failure.empty()) preview.show(image);
  note_item(fmt::format("preview-row-{}", row));
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", (one.failure.empty() ? one.name : one.failure).c_str());
  ImGui::PopID();
  ImGui::TableNextColumn();
  if (called)
    ImGui::TextUnformatted(class_word(results, *called).c_str());
  else if (!one.failure.empty())
    ImGui::TextColored({theme.warning.r, theme.warning.g, theme.warning.b, 1}, "no image");
  else
    ImGui::TextDisabled("%s", results.steps[image] < 0 ? "..." : "no numbers");
  ImGui::TableNextColumn();
  if (called) ImGui::Text("%.0f %%", std::round(100 * static_cast<double>(results.row(image)[*called])));
}

void draw_table(const PreviewResults& results, float height, bool on_wall, const Theme& theme,
                Preview& preview) {
  Kept& state = kept();
  if (state.version != results.version || state.ordered_by != state.order ||
      state.rows.size() != results.images->size()) {
    state.rows = preview_order(results, state.order);
    state.version = results.version;
    state.ordered_by = state.order;
  }
  const float size = ImGui::GetFontSize();
  if (!ImGui::BeginTable("##images", 3, ImGuiTableFlags_ScrollY | ImGuiTableFlags_RowBg, {0, height})) return;
  ImGui::TableSetupScrollFreeze(0, 1);
  ImGui::TableSetupColumn("image", ImGuiTableColumnFlags_WidthStretch);
  ImGui::TableSetupColumn("called", ImGuiTableColumnFlags_WidthFixed, 7.5f * size);
  ImGui::TableSetupColumn("sure", ImGuiTableColumnFlags_WidthFixed, 3 * size);
  ImGui::TableHeadersRow();
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(state.rows.size()));
  while (clipper.Step())
    for (int row = clipper.DisplayStart; row < clipper.DisplayEnd; ++row) {
      const auto at = static_cast<std::size_t>(row);
      draw_row(results, at, state.rows[at], on_wall, theme, preview);
    }
  ImGui::EndTable();
}

void draw_saving(const PreviewResults& results, const Theme& theme, Preview& preview) {
  auto& place = kept().place;
  if (place.empty()) {
    std::error_code code;
    place = (std::filesystem::current_path(code) / "preview.csv").string();
  }
  const float button = ImGui::CalcTextSize("Save as CSV").x + 2 * ImGui::GetStyle().FramePadding.x;
  if (ImGui::Button("Save as CSV", {button, 0})) preview.save(typed_path(place));
  note_item("preview-save");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x);
  ImGui::InputText("##place", &place);
  note_item("preview-place");
  if (results.saved.empty()) return;
  if (results.save_failed)
    warning(results.saved, theme);
  else
    paragraph(results.saved);
}

}  // namespace

void draw_preview(const Status& status, ViewState& view, ActionContext& actions) {
  Preview* preview = actions.lesson.preview;
  if (preview == nullptr || !status.preview) {
    paragraph("This lesson trains no network that could look at images. Open one with images.");
    return;
  }
  preview->watch();
  if (Browser& browser = kept().browser; browser.is_open()) {
    if (const auto chosen = browser.draw(ImGui::GetFontSize() / 16)) preview->open({*chosen});
    return;
  }
  const PreviewResults& results = *status.preview;
  const bool empty = results.images->empty() && !results.reading;
  draw_choice(empty);
  if (empty) {
    if (!results.note.empty()) warning(results.note, *view.theme);
    draw_heat_switch(status, actions);
    return;
  }
  draw_summary(results, *view.theme);
  if (draw_heat_switch(status, actions)) ImGui::SameLine();
  draw_large_switch(view);
  draw_heat_class(status, results, actions);
  draw_order();
  const float below = 4.5f * ImGui::GetFrameHeightWithSpacing();
  const float least = 6 * ImGui::GetFrameHeightWithSpacing();
  draw_table(results, std::max(ImGui::GetContentRegionAvail().y - below, least),
             actions.shown.facts.image < 0, *view.theme, *preview);
  draw_saving(results, *view.theme, *preview);
}

bool preview_takes(std::span<const std::string> dropped, const ActionContext& actions) {
  Preview* preview = actions.lesson.preview;
  if (actions.panel != "preview" || preview == nullptr || dropped.empty()) return false;
  kept().browser.close();
  preview->open({dropped.begin(), dropped.end()});
  return true;
}

}  // namespace fl
