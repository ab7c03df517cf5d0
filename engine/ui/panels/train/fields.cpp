#include "engine/ui/panels/train/fields.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/places.h"

namespace fl {
namespace {

constexpr float kLabels = 0.4f;  // of a panel's width
constexpr float kTipWidth = 20;  // in heights of the words

// What the table of keys says of it, without the marks of Markdown.
std::string help(const KeyText& key) {
  std::string text = key.text;
  std::erase(text, '`');
  if (key.bounds) text += fmt::format(" {}.", key.range);
  return text;
}

void tooltip(const KeyText& key) {
  if (!ImGui::IsItemHovered()) return;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(kTipWidth * ImGui::GetFontSize());
  ImGui::TextUnformatted(help(key).c_str());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

std::string unquoted(const std::string& value) {
  return value.size() >= 2 && value.front() == '"' ? value.substr(1, value.size() - 2) : value;
}

std::optional<std::string> draw_names(const FieldText& text, const KeyText& key, const std::string& value) {
  std::optional<std::string> chosen;
  if (!ImGui::BeginCombo("##value", shown_value(text, value).c_str(), ImGuiComboFlags_HeightLarge)) {
    note_item(text.place);
    tooltip(key);
    return chosen;
  }
  note_item(text.place);
  for (const std::string& name : key.names) {
    const std::string quoted = fmt::format("\"{}\"", name);
    if (ImGui::Selectable(shown_value(text, quoted).c_str(), quoted == value) && quoted != value)
      chosen = quoted;
    if (quoted == value) ImGui::SetItemDefaultFocus();
    note_item(fmt::format("{}-{}", text.place, name));
  }
  ImGui::EndCombo();
  return chosen;
}

std::optional<std::string> draw_number(const FieldText& text, const KeyText& key, const std::string& value) {
  double number = std::strtod(value.c_str(), nullptr);
  ImGui::InputDouble("##value", &number, 0, 0, "%.6g");
  note_item(text.place);
  tooltip(key);
  // While it is typed into, the field keeps its own text; Enter or a click elsewhere means it.
  if (!ImGui::IsItemDeactivatedAfterEdit()) return std::nullopt;
  return fmt::format("{}", number);
}

}  // namespace

std::string shown_value(const FieldText& text, const std::string& value) {
  const std::string plain = unquoted(value);
  return text.called != nullptr ? text.called(plain) : plain;
}

void draw_label(const FieldText& text, const KeyText& key) {
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(text.label.data(), text.label.data() + text.label.size());
  tooltip(key);
  ImGui::SameLine(kLabels * ImGui::GetWindowContentRegionMax().x);
}

std::optional<std::string> draw_value(const FieldText& text, const KeyText& key, const std::string& value,
                                      float width) {
  ImGui::PushID(text.place.data(), text.place.data() + text.place.size());
  ImGui::SetNextItemWidth(width);
  std::optional<std::string> chosen;
  if (!key.names.empty()) {
    chosen = draw_names(text, key, value);
  } else if (key.bounds) {
    chosen = draw_number(text, key, value);
  } else {
    bool on = value == "true";
    if (ImGui::Checkbox("##value", &on)) chosen = on ? "true" : "false";
    note_item(text.place);
    tooltip(key);
  }
  ImGui::PopID();
  return chosen;
}

void draw_mark(const std::string& words, bool behind, const Theme& theme) {
  if (behind) {
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
  } else {
    ImGui::SetCursorPosX(kLabels * ImGui::GetWindowContentRegionMax().x);
  }
  ImGui::TextColored({theme.accent.x, theme.accent.y, theme.accent.z, 1}, "%s", words.c_str());
}

}  // namespace fl
