#include "engine/ui/timeline/strip/strip.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include <imgui/imgui.h>
#include <imgui/imgui_internal.h>

#include "engine/ui/actions.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "engine/ui/timeline/film_desk.h"
#include "engine/ui/timeline/strip/axis.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kHeader = 32, kAxis = 18, kRow = 17, kLeastRow = 9, kEdge = 14, kGutter = 74, kBelow = 5;
constexpr float kOfHeight = 0.2f;  // the most that the strip takes of a picture's height
constexpr float kTickApart = 54, kLetters = 13;
constexpr float kLeastWords = 34;  // less room for a word is worse than none
constexpr std::array<const char*, kFilmRows> kRowWords = {"camera", "does", "captions", "cards"};
constexpr std::array<const char*, kFilmRows> kRowNames = {"camera", "deeds", "caption", "card"};

// Where things are in this frame.
struct StripFrame {
  StripAxis axis;
  float top = 0, row = 0;  // of the first row
  float scale = 1;
  const Theme& theme;
  ImDrawList& list;

  [[nodiscard]] float middle(FilmRow of) const {
    return std::round(top + (static_cast<float>(of) + 0.5f) * row);
  }
  [[nodiscard]] float bottom() const { return top + kFilmRows * row; }
};

void words_at(const StripFrame& f, ImVec2 at, const char* words, ImU32 ink, float right) {
  const float size = std::min(kLetters * f.scale, f.row);
  f.list.PushClipRect({at.x, f.top - 40 * f.scale}, {right, f.bottom() + 4 * f.scale}, true);
  f.list.AddText(ImGui::GetFont(), size, {at.x, std::round(at.y - size / 2)}, ink, words);
  f.list.PopClipRect();
}

void draw_ground(const StripFrame& f, const FilmDesk& desk) {
  const ImU32 faint = colour(f.theme.text, 0.05f), grid = colour(f.theme.text, 0.12f);
  const float left = f.axis.left, right = f.axis.left + f.axis.width;
  for (std::size_t i = 0; i < kFilmRows; ++i) {
    const float y = f.middle(static_cast<FilmRow>(i));
    if (i % 2 == 0) f.list.AddRectFilled({left, y - f.row / 2}, {right, y + f.row / 2}, faint);
    words_at(f, {left - (kGutter - 4) * f.scale, y}, kRowWords[i], colour(f.theme.text_muted), left);
  }
  const float words_y = f.top - kAxis * f.scale / 2;
  for (const StripAxis::Tick& tick : f.axis.ticks(kTickApart * f.scale)) {
    const float x = std::round(f.axis.x(tick.at));
    f.list.AddLine({x, f.top - 3 * f.scale}, {x, f.bottom()}, grid);
    if (x + 0.6f * kTickApart * f.scale <= right + kEdge * f.scale)
      words_at(f, {x + 3 * f.scale, words_y}, tick.words.c_str(), colour(f.theme.text_muted),
               right + kEdge * f.scale);
  }
  if (desk.timeline() == nullptr) return;
  // Chapters of the film: a notch at the upper edge of the axis.
  for (const Timeline::Said& said : desk.timeline()->said()) {
    const float x = std::round(f.axis.x(said.begin)), y = f.top - kAxis * f.scale, side = 4 * f.scale;
    f.list.AddTriangleFilled({x - side, y}, {x + side, y}, {x, y + 1.4f * side}, colour(f.theme.text_muted));
  }
}

// A camera's key is a diamond, what is done a square, words are as long as they are seen.
void draw_mark(const StripFrame& f, const FilmMark& mark, float x, float end, float next, bool chosen,
               bool hovered) {
  const float y = f.middle(mark.row), half = 0.36f * f.row;
  const ImU32 edge = colour(chosen ? f.theme.text : f.theme.accent);
  const float thick = (chosen ? 2.0f : 1.0f) * f.scale;
  if (mark.row == FilmRow::kCamera) {
    const float side = half * (hovered ? 1.35f : 1.1f);
    const ImVec2 up{x, y - side}, right{x + side, y}, down{x, y + side}, left{x - side, y};
    f.list.AddQuadFilled(up, right, down, left, colour(f.theme.accent));
    if (chosen) f.list.AddQuad(up, right, down, left, edge, thick);
    return;
  }
  const bool words = mark.row != FilmRow::kDeeds;
  const float last = words ? std::max(end, x + half) : x + 2 * half;
  const float alpha = (mark.row == FilmRow::kCards ? 0.42f : 0.26f) + (hovered ? 0.16f : 0);
  if (words) {
    f.list.AddRectFilled({x, y - 1.2f * half}, {last, y + 1.2f * half}, colour(f.theme.accent, alpha),
                         2 * f.scale);
    f.list.AddRect({x, y - 1.2f * half}, {last, y + 1.2f * half}, edge, 2 * f.scale, 0, thick);
    words_at(f, {x + 4 * f.scale, y}, mark.words.c_str(), colour(f.theme.text), last - 2 * f.scale);
  } else {
    f.list.AddRectFilled({x, y - half}, {last, y + half},
                         colour(hovered ? f.theme.text : f.theme.text_muted));
    if (chosen)
      f.list.AddRect({x - thick, y - half - thick}, {last + thick, y + half + thick}, edge, 0, 0, thick);
    if (next - last >= kLeastWords * f.scale)
      words_at(f, {last + 4 * f.scale, y}, mark.words.c_str(), colour(f.theme.text), next - 2 * f.scale);
  }
}

void tooltip_of(const FilmMark& mark, const TimelineEntry& entry) {
  if (!ImGui::IsItemHovered() || ImGui::IsMouseDragging(ImGuiMouseButton_Left)) return;
  const std::string waits = entry.step    ? fmt::format(", at step {}", *entry.step)
                            : entry.epoch ? fmt::format(", at epoch {:g}", *entry.epoch)
                                          : "";
  ImGui::SetTooltip("%s%s: %s", moment_words(mark.begin).c_str(), waits.c_str(), mark.words.c_str());
}

// The marks, each a widget of its own, so that keys reach it: a click chooses it, a drag moves it.
void draw_marks(const StripFrame& f, FilmDesk& desk, Wishes& wishes) {
  const std::vector<FilmMark> marks = desk.marks();  // a change lays them anew
  ImGuiStorage& held = *ImGui::GetStateStorage();
  const ImGuiID grip = ImGui::GetID("grip"), pointer = ImGui::GetID("by pointer");
  std::optional<std::pair<std::size_t, double>> moved;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const FilmMark& mark = marks[i];
    float x = std::round(f.axis.x(mark.begin)), end = f.axis.x(std::min(mark.end, f.axis.seconds));
    float next = f.axis.left + f.axis.width;
    for (std::size_t j = i + 1; j < marks.size(); ++j)
      if (marks[j].row == mark.row && marks[j].begin > mark.begin) {
        next = f.axis.x(marks[j].begin);
        break;
      }
    const bool words = mark.row == FilmRow::kCaptions || mark.row == FilmRow::kCards;
    const float half = 0.5f * f.row;
    const float begin = words ? x : x - half, last = words ? std::max(end, x + 2 * half) : x + half;
    ImGui::SetCursorScreenPos({begin, f.middle(mark.row) - half});
    ImGui::PushID(static_cast<int>(i));
    const bool clicked = ImGui::InvisibleButton("mark", {last - begin, f.row});
    note_item(fmt::format("mark-{}-{}", kRowNames[static_cast<std::size_t>(mark.row)], mark.entry + 1));
    if (ImGui::IsItemActivated()) {
      held.SetFloat(grip, ImGui::GetIO().MousePos.x - x);
      held.SetBool(pointer, ImGui::IsMouseDown(ImGuiMouseButton_Left));  // not by a key
    }
    const bool dragged = held.GetBool(pointer) && ImGui::IsMouseDragPastThreshold(ImGuiMouseButton_Left);
    if (ImGui::IsItemActive() && dragged) {
      const float to = f.axis.x(f.axis.at(ImGui::GetIO().MousePos.x - held.GetFloat(grip)));
      end += to - x;
      x = to;
      f.list.AddLine({x, f.top}, {x, f.bottom()}, colour(f.theme.text, 0.5f));
      ImGui::SetTooltip("%s", moment_words(f.axis.at(x)).c_str());
    }
    if (ImGui::IsItemDeactivated() && dragged)
      moved = {i, f.axis.at(ImGui::GetIO().MousePos.x - held.GetFloat(grip))};
    else if (clicked) {
      desk.choose(i);
      desk.place(mark.begin);
      wishes.film_at = desk.playhead();
    }
    const bool hovered = ImGui::IsItemHovered() || ImGui::IsItemActive() || ImGui::IsItemFocused();
    draw_mark(f, mark, x, end, next, desk.chosen() == i, hovered);
    tooltip_of(mark, desk.entries()[mark.entry]);
    ImGui::PopID();
  }
  if (!moved) return;
  desk.move(moved->first, moved->second);
  if (desk.placed()) wishes.film_at = desk.playhead();
}

void draw_playhead(const StripFrame& f, double at) {
  const float x = std::round(f.axis.x(at)), y = f.top - kAxis * f.scale, side = 5 * f.scale;
  const ImU32 ink = colour(f.theme.warning);
  f.list.AddRectFilled({x - side, y}, {x + side, y + side}, ink);
  f.list.AddTriangleFilled({x - side, y + side}, {x + side, y + side}, {x, y + 2.2f * side}, ink);
  f.list.AddLine({x, y + side}, {x, f.bottom()}, ink, 1.5f * f.scale);
}

void button(std::string_view name, const char* words, bool enabled, ActionContext& context) {
  if (!enabled) ImGui::BeginDisabled();
  if (ImGui::Button(words)) action(name).act(context);
  note_item(name);
  if (ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) ImGui::SetTooltip("%s", tip(name).c_str());
  if (!enabled) ImGui::EndDisabled();
  ImGui::SameLine();
}

// A field for seconds. True where another number was meant.
bool seconds_field(const char* label, const char* place, float width, double& seconds) {
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(label);
  ImGui::SameLine();
  ImGui::SetNextItemWidth(width);
  ImGui::PushID(place);
  ImGui::InputDouble("##seconds", &seconds, 0, 0, "%.1f");
  ImGui::PopID();
  note_item(place);
  const bool meant = ImGui::IsItemDeactivatedAfterEdit();
  ImGui::SameLine();
  return meant;
}

// What the picture shows now, so that nobody takes it for the film's.
std::string shown_words(const FilmDesk& desk, const Status& status) {
  if (desk.saving()) return "Saving ...";
  if (!desk.words().empty()) return desk.words();
  if (desk.timeline() == nullptr) return "The timeline cannot be played.";
  const std::string unsaved = desk.unsaved() ? "Not saved. " : "";
  if (!desk.placed())
    return unsaved + (desk.entries().empty()
                          ? "No timeline yet: put the playhead somewhere, and add a camera key."
                          : "F7 plays it; a click on the axis shows a moment.");
  return unsaved + fmt::format("Camera, words, colours of {}; the training stays at step {} (film: {}).",
                               moment_words(desk.playhead()), status.step,
                               desk.timeline()->steps_at(desk.playhead()));
}

void draw_header(FilmDesk& desk, ActionContext& context, float width, float scale) {
  const bool plays = desk.timeline() != nullptr;
  button("film", "Play", plays && context.lesson.timeline, context);
  button("add-camera-key", "Add camera key", plays, context);
  button("delete-mark", "Delete", desk.chosen().has_value(), context);
  button("undo-timeline", "Undo", desk.can_take_back(), context);
  button("save-scene", desk.unsaved() ? "Save*" : "Save", desk.unsaved(), context);
  if (desk.unsaved() && desk.failed()) button("save-scene-copy", "Save a copy", true, context);
  double at = desk.playhead();
  if (seconds_field("at", "playhead", 58 * scale, at)) {
    desk.place(at);
    context.wishes.film_at = desk.playhead();
  }
  if (const auto chosen = desk.chosen()) {
    double begin = desk.marks()[*chosen].begin;
    if (seconds_field("mark", "mark-time", 58 * scale, begin)) {
      desk.move(*chosen, begin);
      if (desk.placed()) context.wishes.film_at = desk.playhead();
    }
  }
  const float left = ImGui::GetCursorPosX(), close = ImGui::GetFrameHeight();
  const float room = width - left - close - (kEdge + 10) * scale;
  const std::string words = shown_words(desk, context.status);
  const glm::vec4 ink = desk.failed() ? context.view.theme->warning : context.view.theme->text_muted;
  ImGui::AlignTextToFramePadding();
  ImGui::TextColored({ink.x, ink.y, ink.z, 1}, "%s", shortened(words, std::max(room, 0.0f)).c_str());
  note_item("strip-words");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", words.c_str());
  ImGui::SameLine(width - close - kEdge * scale);
  if (ImGui::Button("x##strip", {close, close})) action("strip").act(context);
  note_item("close-strip");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip("strip").c_str());
}

}  // namespace

float strip_height(const LessonInfo& lesson, const ViewState& view, float picture_height, float scale) {
  if (!lesson.film_desk || !lesson.film_desk->open || view.presenter) return 0;
  const float wanted = (kHeader + kAxis + kFilmRows * kRow + kBelow + 4) * scale;
  return std::floor(std::min(wanted, kOfHeight * picture_height));
}

void draw_strip(ActionContext& context, float bottom, float height, float scale) {
  FilmDesk& desk = *context.lesson.film_desk;
  const float width = ImGui::GetIO().DisplaySize.x;
  ImGui::SetNextWindowPos({0, bottom - height});
  ImGui::SetNextWindowSize({width, height});
  const BarStyle style(scale, {kEdge, 4});
  ImGui::Begin("strip", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
  draw_header(desk, context, width, scale);
  const float top = bottom - height + (kHeader + kAxis) * scale;
  StripFrame frame{.axis = {(kEdge + kGutter) * scale, width - (2 * kEdge + kGutter) * scale, desk.seconds()},
                   .top = top,
                   .row = std::max((bottom - kBelow * scale - top) / kFilmRows, kLeastRow * scale),
                   .scale = scale,
                   .theme = *context.view.theme,
                   .list = *ImGui::GetWindowDrawList()};
  draw_ground(frame, desk);
  ImGui::SetCursorScreenPos({frame.axis.left, top - kAxis * scale});
  ImGui::InvisibleButton("axis", {frame.axis.width, frame.bottom() - top + kAxis * scale},
                         ImGuiButtonFlags_AllowItemOverlap);
  ImGui::SetItemAllowOverlap();
  note_item("strip-axis");
  if (ImGui::IsItemActive() && ImGui::IsMouseDown(ImGuiMouseButton_Left)) {
    const double before = desk.playhead();
    const bool placed = desk.placed();
    desk.choose({});
    desk.place(frame.axis.at(ImGui::GetIO().MousePos.x));
    if (desk.playhead() != before || !placed) context.wishes.film_at = desk.playhead();
  }
  draw_marks(frame, desk, context.wishes);
  draw_playhead(frame, desk.playhead());
  ImGui::End();
}

}  // namespace fl
