#include "engine/ui/panels/forks/forks_panel.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/ui/actions.h"
#include "engine/ui/panels/race_runs.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/run_actions.h"

namespace fl {
namespace {

struct ChangeWords {
  const char* action;
  const char* label;
};
constexpr ChangeWords kChanges[] = {{"fork-river", "The rate falls to nothing"},
                                    {"fork-order", "Another order of the images"},
                                    {"fork-rate-up", "Ten times the rate"},
                                    {"fork-rate-down", "A tenth of the rate"},
                                    {"fork-optimizer", "Another optimizer"}};

// Where the run's fate is asked: of which step the forks are shown.
void draw_fork_steps(const FateFacts& fate, ViewState& view, ActionContext& actions) {
  paragraph(
      "At each of these steps the run is cloned twice. Both clones are trained to its end, with other orders of "
      "the images. Does the loss rise between their ends?");
  heading("Forked at step");
  const int last = static_cast<int>(fate.count) - 1;
  const auto chosen = static_cast<int>(fate.chosen);
  int wanted = chosen;
  const std::string step = fmt::format("{}", fate.steps.at(fate.chosen).step);
  ImGui::SetNextItemWidth(-1);
  if (ImGui::SliderInt("##fork-step", &wanted, 0, std::max(last, 1), step.c_str(),
                       ImGuiSliderFlags_NoInput) &&
      wanted != chosen)
    move_fork_step(actions, wanted - chosen);
  note_item("fork-step");
  if (ImGui::IsItemHovered())
    ImGui::SetTooltip("%s\n%s", tip("fork-step-before").c_str(), tip("fork-step-after").c_str());
  if (actions.shown.facts.race.forks > 0) draw_runs(view, actions);
  remark(
      "The ridge is the highest loss on the straight line between the two, above the line between their own "
      "losses. It is measured over all training images, while they are trained and at their end.");
}

}  // namespace

void draw_forks_panel(const Status& status, ViewState& view, ActionContext& actions) {
  if (const FateFacts& fate = actions.shown.facts.fate; fate.count > 0)
    return draw_fork_steps(fate, view, actions);
  paragraph(
      "A fork is a clone of the run as it is now. One thing is changed, and it is trained on beside the run.");
  if (!status.no_fork.empty()) {
    ImGui::Dummy({0, 0.1f * ImGui::GetFontSize()});
    paragraph(status.no_fork);
    note_item("no-fork");
  }
  heading(fmt::format("Fork at step {}", status.step).c_str());
  if (!status.no_fork.empty()) ImGui::BeginDisabled();
  for (const ChangeWords& one : kChanges) {
    if (ImGui::Button(one.label, {-1, 0})) action(one.action).act(actions);
    note_item(one.action);
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip(one.action).c_str());
  }
  if (!status.no_fork.empty()) ImGui::EndDisabled();
  if (actions.shown.facts.race.forks == 0) {
    remark(
        "Each has a path of its own on the landscape, from here, and curves beside those of the run. It goes "
        "step by step as the run does.");
    return;
  }
  draw_runs(view, actions);
  if (ImGui::Button("Remove all forks")) action("remove-forks").act(actions);
  note_item("remove-forks");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip("remove-forks").c_str());
  remark(
      "While there are forks, the curves are the loss and the accuracy of all, at the points of their paths.");
}

}  // namespace fl
