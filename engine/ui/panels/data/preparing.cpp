#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/panels/data/data_desk.h"
#include "engine/ui/panels/data/data_panel.h"
#include "engine/ui/panels/warning.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "engine/ui/thumbnails/thumbnails.h"

namespace fl {
namespace {

constexpr std::array kSizes{16, 32, 48, 64, 96, 128, 160, 224, 320, 512};
constexpr float kOfHeight = 0.36f;  // the most that the pictures take of the panel's
constexpr HuRange kFreshBlood{50, 90};
// What a slider reaches; a number that is typed reaches further.
constexpr int kSliderLowest = -200, kSliderHighest = 1200, kWidest = 3000;

// A slider over whole Hounsfield units; Ctrl and a click type one.
bool slider(const char* words, const char* place, double& value, int low, int high) {
  auto shown = static_cast<int>(std::lround(value));
  ImGui::SetNextItemWidth(-5.5f * ImGui::GetFontSize());
  const bool changed = ImGui::SliderInt(words, &shown, low, high, "%d HU");
  note_item(place);
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("Ctrl and a click: type a number");
  if (changed) value = std::clamp<double>(shown, kLowestHu, kHighestHu);
  return changed;
}

void draw_window(DataSpec& spec) {
  slider("level", "level", spec.window.level, kSliderLowest, kSliderHighest);
  slider("width", "width", spec.window.width, 1, kWidest);
  spec.window.width = std::max(spec.window.width, 1.0);
  for (const NamedWindow& named : kNamedWindows) {
    if (&named != std::begin(kNamedWindows)) ImGui::SameLine();
    if (ImGui::Button(named.name)) spec.window = named.window;
    note_item(fmt::format("window-{}", named.name));
    if (ImGui::IsItemHovered())
      ImGui::SetTooltip("level %.0f, width %.0f HU", named.window.level, named.window.width);
  }
}

void draw_range(DataSpec& spec, int channels) {
  bool painted = spec.colour_range.has_value();
  if (ImGui::Checkbox("paint a range red", &painted)) {
    spec.colour_range = painted ? std::optional(kFreshBlood) : std::nullopt;
    spec.channels = painted ? 3 : channels;
  }
  note_item("paint-red");
  if (!spec.colour_range) return;
  HuRange& range = *spec.colour_range;
  if (slider("from", "range-low", range.low, kSliderLowest, kSliderHighest))
    range.high = std::max(range.high, range.low + 1);
  if (slider("to", "range-high", range.high, kSliderLowest, kSliderHighest))
    range.low = std::min(range.low, range.high - 1);
}

// A backbone has a size of its own.
void draw_size(DataSpec& spec, bool transfer) {
  if (transfer) ImGui::BeginDisabled();
  ImGui::SetNextItemWidth(-5.5f * ImGui::GetFontSize());
  const bool open = ImGui::BeginCombo("size", fmt::format("{0} × {0} pixels", spec.image_size).c_str());
  note_item("image-size");
  if (transfer) {
    ImGui::EndDisabled();
    paragraph("The backbone takes this size; a network from scratch (key B) takes any.");
  }
  if (!open) return;
  for (const int size : kSizes) {
    if (ImGui::Selectable(fmt::format("{0} × {0} pixels", size).c_str(), size == spec.image_size))
      spec.image_size = size;
    note_item(fmt::format("image-size-{}", size));
  }
  ImGui::EndCombo();
}

// The image as it is, and what the network gets of it, side by side.
void draw_pictures(DataDesk& desk, const PreparedImage* prepared, const Theme& theme,
                   const LessonInfo& lesson) {
  const float gap = 0.5f * ImGui::GetFontSize();
  // Where the window is low the sliders are worth more.
  const float side = std::floor(
      std::min((ImGui::GetContentRegionAvail().x - gap) / 2, kOfHeight * ImGui::GetWindowHeight()));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 right{at.x + side + gap, at.y};
  ImDrawList& list = *ImGui::GetWindowDrawList();
  for (const ImVec2 low : {at, right})
    list.AddRectFilled(low, {low.x + side, low.y + side}, colour(theme.grid, 0.3f));
  if (prepared != nullptr && prepared->failure.empty()) {
    const std::uint64_t number = lesson.number << 32 | desk.prepared_number();
    draw_picture(0, number, prepared->whole, at, {at.x + side, at.y + side}, false);
    draw_picture(1, number, prepared->seen, right, {right.x + side, right.y + side}, true);
  }
  ImGui::Dummy({2 * side + gap, side});
  note_item("prepared");
  ImGui::TextDisabled("the image");
  ImGui::SameLine(side + gap);
  ImGui::TextDisabled("%s", "what the network sees");
}

void draw_start(const DataSpec& now, const DataSpec& wanted, ActionContext& actions) {
  const LessonInfo& lesson = actions.lesson;
  const std::vector<std::string> settings =
      changed_settings(now, wanted, lesson.run.data.channels == 1, lesson.transfer);
  if (settings.empty()) ImGui::BeginDisabled();
  {
    const PrimaryButton primary(*actions.view.theme, !settings.empty());
    if (ImGui::Button("Start again with these")) actions.wishes.again = settings;
    note_item("start-again");
  }
  if (settings.empty()) ImGui::EndDisabled();
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("All images are prepared so, and the training begins anew");
}

}  // namespace

void draw_preparing(DataDesk& desk, const Theme& theme, ActionContext& actions) {
  const LessonInfo& lesson = actions.lesson;
  const DataSpec& now = lesson.run.data;
  DataSpec& wanted = desk.plans().prepared;
  ImGui::BeginChild("##preparing");
  const std::size_t image =
      desk.shown().value_or(static_cast<std::size_t>(std::max(actions.shown.facts.image, 0)));
  desk.prepare(std::min(image, lesson.data->size() - 1), wanted);
  const PreparedImage* prepared = desk.prepared();
  draw_pictures(desk, prepared, theme, lesson);
  if (prepared != nullptr && !prepared->failure.empty()) draw_warning(prepared->failure, theme);
  if (prepared != nullptr && !prepared->slice) {
    paragraph(
        wanted.colour_range
            ? "These images have no Hounsfield units. They are taken to have gone through this window "
              "already: it decides which grey is painted red."
            : "These images have no Hounsfield units: a window changes nothing but what is painted red.");
    note_item("no-hounsfield");
  }
  draw_window(wanted);
  draw_range(wanted, now.channels);
  draw_size(wanted, lesson.transfer);
  ImGui::Dummy({0, 0.2f * ImGui::GetFontSize()});
  draw_start(now, wanted, actions);
  ImGui::EndChild();
}

}  // namespace fl
