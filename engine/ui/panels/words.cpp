#include "engine/ui/panels/words.h"

#include <algorithm>
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

std::string wrapped(const std::string& text, float width) {
  std::string lines;
  std::size_t line = 0, at = 0;  // where the present line begins, in `lines`; how far `text` is done
  while (at < text.size()) {
    const std::size_t end = std::min(text.find_first_of(" \n", at + 1), text.size());
    const std::string word = text.substr(at, end - at);
    if (word.starts_with('\n')) line = lines.size() + 1;
    if (word.starts_with(' ') && lines.size() > line &&
        ImGui::CalcTextSize((lines.substr(line) + word).c_str()).x > width) {
      lines += '\n' + word.substr(1);
      line = lines.size() - word.size() + 1;
    } else {
      lines += word;
    }
    at = end;
  }
  return lines;
}

bool text_row(const std::string& text, bool chosen, int flags) {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width =
      ImGui::CalcTextSize(text.c_str()).x;  // a list that opens becomes as wide as its widest row
  const bool clicked =
      ImGui::Selectable("##text", chosen, flags,
                        {width > ImGui::GetContentRegionAvail().x ? width : 0, ImGui::GetTextLineHeight()});
  ImGui::GetWindowDrawList()->AddText(at, ImGui::GetColorU32(ImGuiCol_Text), text.c_str());
  return clicked;
}

void heading(const char* text) {
  ImGui::Dummy({0, 0.3f * ImGui::GetFontSize()});
  remark(text);
}

void paragraph(const std::string& text) {
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(wrapped(text, ImGui::GetContentRegionAvail().x).c_str());
  ImGui::PopTextWrapPos();
}

void remark(const std::string& text) {
  ImGui::PushTextWrapPos(0);
  ImGui::TextDisabled("%s", wrapped(text, ImGui::GetContentRegionAvail().x).c_str());
  ImGui::PopTextWrapPos();
}

}  // namespace fl
