#include "engine/ui/panels/words.h"

#include <string_view>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/imgui_layer.h"
#include "trainer/base/utf8.h"

namespace fl {

std::string class_word(const std::string& name, std::size_t index) {
  return ImGuiLayer::can_write(name) ? name : fmt::format("class {}", index + 1);
}

std::vector<std::string> class_words(const std::vector<std::string>& names) {
  std::vector<std::string> words;
  words.reserve(names.size());
  for (const std::string& name : names) words.push_back(class_word(name, words.size()));
  return words;
}

std::string shortened(const std::string& text, float width) {
  if (ImGui::CalcTextSize(text.c_str()).x <= width) return text;
  std::string_view part = text;
  const auto ended = [&part] { return std::string(part) + "..."; };
  while (!part.empty() && ImGui::CalcTextSize(ended().c_str()).x > width) part = without_last_character(part);
  return ended();
}

void heading(const char* text) {
  ImGui::Dummy({0, 0.3f * ImGui::GetFontSize()});
  remark(text);
}

void paragraph(const std::string& text) {
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
}

void remark(const std::string& text) {
  ImGui::PushTextWrapPos(0);
  ImGui::TextDisabled("%s", text.c_str());
  ImGui::PopTextWrapPos();
}

}  // namespace fl
