#include "engine/ui/panels/render_guard.h"

#include <GLFW/glfw3.h>
#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/panels/question.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "trainer/base/counted.h"

namespace fl {

bool RenderGuard::lets_close(std::size_t renders) {
  asking_ = renders > 0 && !may_close_;
  return !asking_;
}

std::optional<RenderGuard::Answer> RenderGuard::draw(std::size_t renders, const Theme& theme) {
  if (!asking_) return std::nullopt;
  std::optional<Answer> answer;
  if (renders == 0) answer = Answer::kFinish;
  if (const Question question("##renders"); question && !answer) {
    paragraph(renders == 1 ? "A take is still being rendered."
                           : fmt::format("{} are still to be rendered.", counted(renders, "take")));
    note_item("renders-question");
    ImGui::Dummy({0, 0.3f * ImGui::GetFontSize()});
    {
      const PrimaryButton primary(theme, true);
      if (question_answer("Finish without the window  (F)", "renders-finish", GLFW_KEY_F))
        answer = Answer::kFinish;
    }
    if (question_answer("Drop  (D)", "renders-drop", GLFW_KEY_D)) answer = Answer::kDrop;
    if (question_answer("Stay here  (Escape)", "renders-stay", GLFW_KEY_ESCAPE)) answer = Answer::kStay;
    if (answer) ImGui::CloseCurrentPopup();
  }
  if (!answer) return answer;
  asking_ = false;
  may_close_ = answer != Answer::kStay;
  return answer;
}

}  // namespace fl
