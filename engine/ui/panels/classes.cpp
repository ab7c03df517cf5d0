#include "engine/ui/panels/classes.h"

#include <imgui/imgui.h>

namespace fl {

void draw_classes(const Status& status, ViewState&, ActionContext& actions) {
  ImGui::SetNextWindowPos({12, 12}, ImGuiCond_FirstUseEver);
  bool open = true;
  ImGui::Begin("Classes", &open, ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings);
  if (const auto& test = status.figures.test; test && test->has_predictions()) {
    ImGui::Text("Test images called right, after step %ld", static_cast<long>(test->step));
    for (const ClassAccuracy& one : test->accuracy_per_class)
      ImGui::Text("%d of %d  %s", one.correct, one.samples, one.name.c_str());
    for (std::size_t i = 0; i < test->worst.size() && i < 3; ++i) {
      const WrongImage& wrong = test->worst[i];
      if (ImGui::Button(fmt::format("Show image {}", wrong.image).c_str()))
        actions.commands.push_back(command::ShowImage{wrong.image});
      ImGui::SameLine();
      ImGui::Text("%.2g %% for what it is",
                  100.0 * wrong.probabilities[static_cast<std::size_t>(wrong.truth)]);
    }
  } else {
    ImGui::TextUnformatted("No epoch is over yet.");
  }
  ImGui::End();
  if (!open) action("classes").act(actions);
}

}  // namespace fl
