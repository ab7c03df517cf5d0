#include "engine/ui/panels/notes.h"

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/places.h"
#include "engine/ui/style.h"

namespace fl {
namespace {

void say(const Cue& cue, const Theme& theme) {
  ImGui::TextColored({theme.accent.x, theme.accent.y, theme.accent.z, 1}, "%s", cue_word(cue.kind).c_str());
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(cue.words.c_str());
  if (!cue.notes.empty()) {
    ImGui::Dummy({0, 0.2f * ImGui::GetFontSize()});
    ImGui::TextDisabled("%s", cue.notes.c_str());
  }
  ImGui::PopTextWrapPos();
}

bool turn(std::string_view name, const char* words, bool there, float width, ActionContext& actions) {
  ImGui::BeginDisabled(!there);
  const bool clicked = ImGui::Button(words, {width, 0});
  ImGui::EndDisabled();
  note_item(name);
  if (clicked) action(name).act(actions);
  return clicked;
}

}  // namespace

void draw_notes(const Status&, ViewState& view, ActionContext& actions) {
  const std::vector<Cue>& cues = actions.lesson.cues;
  if (cues.empty()) {
    ImGui::PushTextWrapPos(0);
    ImGui::TextUnformatted(
        "This lesson has no cues. A scene has them under [[view.cues]]: watch, ask or change, and notes.");
    ImGui::PopTextWrapPos();
    return;
  }
  const std::size_t now = std::min(view.cue, cues.size());
  const float width = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ItemSpacing.x) / 2;
  turn("cue-before", "Before", now > 0, width, actions);
  ImGui::SameLine();
  {
    const PrimaryButton primary(*view.theme, now < cues.size());
    turn("cue-after", now == 0 ? "Begin" : "Next", now < cues.size(), width, actions);
  }
  ImGui::Dummy({0, 0.5f * ImGui::GetFontSize()});
  if (now > 0) {
    ImGui::TextDisabled("%s", fmt::format("Now, {} of {}", now, cues.size()).c_str());
    say(cues[now - 1], *view.theme);
    ImGui::Dummy({0, 0.8f * ImGui::GetFontSize()});
  }
  if (now == cues.size()) {
    ImGui::TextDisabled("That was the last one.");
    return;
  }
  ImGui::TextDisabled("%s", now == 0 ? "It begins with" : "Next");
  say(cues[now], *view.theme);
}

}  // namespace fl
