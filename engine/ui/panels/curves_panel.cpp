#include "engine/ui/panels/curves_panel.h"

#include <cmath>
#include <string>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/charts/curves_layout.h"
#include "engine/ui/actions.h"
#include "engine/ui/panels/race_runs.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"

namespace fl {
namespace {

struct KindWords {
  CurvesKind kind;
  const char* action;
  const char* label;
  const char* text;
};
constexpr KindWords kKinds[] = {
    {CurvesKind::kLoss, "curves-loss", "loss and accuracy",
     "After each epoch, of training and test images; behind the loss of the epochs lies that of the steps."},
    {CurvesKind::kNorms, "curves-norms", "gradient and update",
     "How long the gradient is at each step, and how far the weights then move, on a logarithmic scale. "
     "Where both grow, the rate is too high; where both vanish, nothing is learned any more."},
    {CurvesKind::kRate, "curves-rate", "learning rate", "As the schedule has it at each step."},
    {CurvesKind::kClasses, "curves-classes", "accuracy by class",
     "After each epoch, the share of each class's test images that are named right. A good overall accuracy "
     "can hide a class that is never found."},
    {CurvesKind::kCurvature, "curves-curvature", "curvature",
     "How sharp the valley is: the largest curvature of the loss, and that along the gradients of batches. Of "
     "a valley that is sharper than the dashed line the optimizer's steps lead out."},
};

// A radio button for an action.
void radio(const char* name, const char* label, bool on, ActionContext& actions) {
  if (ImGui::RadioButton(fmt::format("{}##{}", label, name).c_str(), on) && !on) action(name).act(actions);
  note_item(name);
}

void box(const char* name, const char* label, bool on, ActionContext& actions) {
  if (ImGui::Checkbox(label, &on)) action(name).act(actions);
  note_item(fmt::format("{}-box", name));
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip(name).c_str());
}

void draw_measuring(const Status& status, ActionContext& actions) {
  if (!status.curvature) return;
  const MeasuringFacts& now = *status.curvature;
  if (!now.refusal.empty()) {
    paragraph(now.refusal);
    return;
  }
  const std::int64_t every = now.every > 0 ? now.every : now.usual;
  const std::string words =
      every == 1 ? "measure it at every step" : fmt::format("measure it every {} steps", every);
  box("measure-curvature", words.c_str(), now.every > 0, actions);
}

// What differed and what came of it, a line a run.
void draw_earlier(const Status& status, ActionContext& actions) {
  const auto& runs = status.figures.earlier;
  const FrameFacts& shown = actions.shown.facts;
  if (!runs || runs->empty()) {
    remark("Start again, with the same settings or others: this run then stays behind the next one.");
    return;
  }
  const float right = ImGui::GetWindowContentRegionMax().x;
  for (std::size_t i = 0; i < runs->size(); ++i) {
    const std::string accuracy = accuracy_words(static_cast<double>((*runs)[i].test_accuracy));
    const float width = ImGui::CalcTextSize(accuracy.c_str()).x, gap = ImGui::GetStyle().ItemSpacing.x;
    // The picture that is shown says it; a moment later than the status.
    const std::string words = i < shown.earlier_count ? shown.earlier.at(i).words.data() : "";
    ImGui::TextUnformatted(shortened(words, right - ImGui::GetCursorPosX() - width - gap).c_str());
    note_item(fmt::format("earlier-{}", i));
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", words.c_str());
    ImGui::SameLine(right - width);
    ImGui::TextUnformatted(accuracy.c_str());
  }
  remark("The newest first, with the accuracy on the test set at their end.");
  if (ImGui::Button("Forget them")) action("forget-earlier").act(actions);
  note_item("forget-earlier");
}

}  // namespace

std::string accuracy_words(double accuracy) {
  return std::isfinite(accuracy) ? fmt::format("{:.0f} %", std::round(100 * accuracy)) : "none";
}

void draw_curves_panel(const Status& status, ViewState& view, ActionContext& actions) {
  const CurvesChoice chosen = view.curves;
  if (!actions.lesson.raced.empty()) {
    draw_runs(view, actions);
    box("loss-axis", "logarithmic loss", log_loss_axis(actions.shown, chosen.loss_axis), actions);
    return;
  }
  if (!actions.lesson.trains) {
    paragraph("Descents on a surface have one curve each, that of the loss.");
    box("loss-axis", "logarithmic loss", log_loss_axis(actions.shown, chosen.loss_axis), actions);
    return;
  }
  if (actions.shown.facts.race.forks > 0) {
    paragraph("While there are forks, the curves are the loss and the accuracy of the run and of all forks.");
    draw_runs(view, actions);
    box("loss-axis", "logarithmic loss", log_loss_axis(actions.shown, chosen.loss_axis), actions);
    box("large-curves", "over the whole picture", view.filled() == StageFill::kCurves, actions);
    return;
  }
  heading("Shown");
  for (const KindWords& one : kKinds) radio(one.action, one.label, chosen.kind == one.kind, actions);
  for (const KindWords& one : kKinds)
    if (chosen.kind == one.kind) remark(one.text);
  if (chosen.kind == CurvesKind::kClasses && actions.shown.facts.curve_classes == 0)
    paragraph("This lesson has no test images.");
  if (chosen.kind == CurvesKind::kCurvature) draw_measuring(status, actions);
  heading("Over");
  radio("curves-over", "epochs", !chosen.steps, actions);
  ImGui::SameLine();
  if (ImGui::RadioButton("steps", chosen.steps) && !chosen.steps) action("curves-over").act(actions);
  note_item("curves-over-steps");
  if (chosen.kind == CurvesKind::kLoss)
    box("loss-axis", "logarithmic loss", log_loss_axis(actions.shown, chosen.loss_axis), actions);
  box("large-curves", "over the whole picture", view.filled() == StageFill::kCurves, actions);
  heading("Earlier runs of this lesson");
  box("earlier-runs", "behind loss and accuracy", chosen.earlier, actions);
  draw_earlier(status, actions);
}

}  // namespace fl
