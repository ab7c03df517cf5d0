#include "engine/ui/panels/question.h"

#include <algorithm>
#include <cmath>

#include <imgui/imgui.h>

#include "engine/ui/places.h"

namespace fl {

Question::Question(const char* id) : style_(ImGui::GetFontSize() / 16, {18, 16}) {
  ImGui::OpenPopup(id);
  const auto [width, height] = ImGui::GetIO().DisplaySize;
  const float size = ImGui::GetFontSize();
  ImGui::SetNextWindowPos({std::round(width / 2), std::round(height / 2)}, ImGuiCond_Always, {0.5f, 0.5f});
  ImGui::SetNextWindowSize({std::min(28 * size, 0.94f * width), 0});
  open_ = ImGui::BeginPopupModal(id, nullptr,
                                 ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize |
                                     ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings);
}

Question::~Question() {
  if (open_) ImGui::EndPopup();
}

bool question_answer(const std::string& words, const char* place, int key) {
  const bool clicked = ImGui::Button(words.c_str(), {-1, 0});
  note_item(place);
  return clicked || ImGui::IsKeyPressed(key, false);
}

}  // namespace fl
