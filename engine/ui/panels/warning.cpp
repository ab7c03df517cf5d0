#include "engine/ui/panels/warning.h"

#include <algorithm>

#include <imgui/imgui.h>

#include "engine/ui/panels/words.h"
#include "engine/ui/style.h"

namespace fl {

void draw_warning(const std::string& sentence, const Theme& theme) {
  const float bar = 0.25f * ImGui::GetFontSize(), gap = 0.75f * ImGui::GetFontSize();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Indent(gap);
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(wrapped(sentence, ImGui::GetContentRegionAvail().x).c_str());
  ImGui::PopTextWrapPos();
  ImGui::Unindent(gap);
  ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + bar, ImGui::GetItemRectMax().y},
                                            colour(theme.warning), bar / 2);
  ImGui::Dummy({0, 0.15f * ImGui::GetFontSize()});
}

}  // namespace fl
