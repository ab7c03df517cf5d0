#include "engine/ui/panels/steps.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>

#include <fmt/format.h>
#include <imgui/imgui.h>
#include <imgui/imgui_stdlib.h>

#include "engine/ui/actions.h"
#include "engine/ui/log_slider.h"
#include "engine/ui/panels/start/start_desk.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "trainer/landscape/own_surface.h"
#include "trainer/subjects/descents/descent_presets.h"
#include "trainer/subjects/descents/shown_phase.h"

namespace fl {
namespace {

constexpr const char* kLesson = "two-parameters.toml";
constexpr double kWholeSteps = 300 / 45.0;  // steps a second without them
constexpr float kSlow = -1, kFast = 1.5f;   // powers of ten of both

std::string phases_label(const std::string& of) {
  if (of == kNoPhases) return "whole steps";
  if (of == kAllPhases) return "all methods at once";
  const auto kind = optimizer_by_name(of);
  return kind ? optimizer_info(*kind).label : of;
}

void button(const char* name, const char* words, ActionContext& actions) {
  if (ImGui::Button(words)) action(name).act(actions);
  note_item(fmt::format("steps-{}", name));
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip(name).c_str());
}

void show_phases(const std::string& of, const DescentsFacts& now, ActionContext& actions) {
  if (of == now.phases) return;
  actions.commands.push_back(command::ShowPhases{of});
  const bool had = now.phases != kNoPhases, has = of != kNoPhases;
  if (had != has) actions.commands.push_back(command::SetPace{has ? kPhasePace : kWholeSteps});
}

void draw_method(const Status& status, const DescentsFacts& now, ActionContext& actions) {
  heading("Whose next step is explained");
  ImGui::SetNextItemWidth(-1);
  const bool open =
      ImGui::BeginCombo("##phases", phases_label(now.phases).c_str(), ImGuiComboFlags_HeightLarge);
  note_item("phases");
  if (open) {
    std::vector<std::string> choices{kNoPhases, kAllPhases};
    for (const OptimizerKind kind : now.methods) choices.emplace_back(optimizer_name(kind));
    for (const std::string& of : choices) {
      if (ImGui::Selectable(phases_label(of).c_str(), of == now.phases)) show_phases(of, now, actions);
      note_item("phases-" + of);
    }
    ImGui::EndCombo();
  }
  if (status.over()) ImGui::BeginDisabled();
  button("train-or-pause", status.playing && !status.over() ? "Pause" : "Play", actions);
  ImGui::SameLine();
  button("one-phase", "One phase", actions);
  ImGui::SameLine();
  button("one-step", "One step", actions);
  if (status.over()) ImGui::EndDisabled();
  ImGui::SameLine();
  button("reset", "Rewind", actions);
  const bool phases = now.phases != kNoPhases;
  double pace = status.pace > 0 ? status.pace : std::pow(10.0, static_cast<double>(kFast));
  const std::string words = fmt::format("{:.2g} {} a second", pace, phases ? "phases" : "steps");
  if (log_slider("##pace", 0.5f * ImGui::GetContentRegionAvail().x, kSlow, kFast, pace))
    actions.commands.push_back(command::SetPace{pace});
  note_item("phase-pace");
  ImGui::SameLine();
  ImGui::TextUnformatted(words.c_str());
  if (now.phase > 0)
    remark(fmt::format("Step {}, phase {} of {}", status.step + 1, now.phase, now.phase_count));
  else if (status.over())
    remark("They have made all their steps; rewind, or click on the surface.");
}

std::string surface_label(const DescentsFacts& now) {
  const TwoParameterSurface* named = find_two_parameter_surface(now.surface);
  return named != nullptr ? named->label : "my own formula";
}

void draw_formula(const DescentsFacts& now, const Theme& theme, ActionContext& actions) {
  FormulaField& field = actions.controls.formula();
  // Another formula is shown than this field has brought: by the scene, or back again.
  if (field.shown != now.formula) {
    field.shown = now.formula;
    if (!now.formula.empty()) field = {.text = now.formula, .shown = now.formula, .fault = {}};
  }
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("f(x, z) =");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(-1);
  const bool entered = ImGui::InputTextWithHint("##formula", "x^2 + 3*sin(z)", &field.text,
                                                ImGuiInputTextFlags_EnterReturnsTrue);
  note_item("formula");
  if (ImGui::IsItemHovered())
    ImGui::SetTooltip("With + - * / ^, brackets, pi, e, sin, cos, exp, ln, sqrt, abs and others; then Enter");
  if (entered) {
    const auto read = own_surface(field.text);
    field.fault = read ? std::string() : read.error().message;
    if (read) actions.commands.push_back(command::SetSurface{{}, field.text});
  }
  if (field.fault.empty()) return;
  ImGui::PushStyleColor(ImGuiCol_Text, {theme.warning.x, theme.warning.y, theme.warning.z, 1});
  paragraph(field.fault);
  ImGui::PopStyleColor();
  note_item("formula-fault");
}

void draw_surface(const DescentsFacts& now, const Theme& theme, ActionContext& actions) {
  heading("The surface");
  ImGui::SetNextItemWidth(-1);
  const bool open = ImGui::BeginCombo("##surface", surface_label(now).c_str(), ImGuiComboFlags_HeightLarge);
  note_item("surface");
  if (open) {
    for (const TwoParameterSurface& each : two_parameter_surfaces()) {
      if (ImGui::Selectable(each.label.c_str(), each.name == now.surface) && each.name != now.surface)
        actions.commands.push_back(command::SetSurface{each.name});
      note_item("surface-" + each.name);
    }
    ImGui::EndCombo();
  }
  draw_formula(now, theme, actions);
}

void draw_start_and_rate(const Status& status, const DescentsFacts& now, ActionContext& actions) {
  heading("Start and rate");
  std::array<double, 2> start = now.start;
  bool meant = false;
  const float width = 5.5f * ImGui::GetFontSize();
  for (std::size_t axis = 0; axis < 2; ++axis) {
    if (axis > 0) ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    ImGui::TextUnformatted(axis == 0 ? "x" : "z");
    ImGui::SameLine();
    ImGui::SetNextItemWidth(width);
    ImGui::InputDouble(axis == 0 ? "##start-x" : "##start-z", &start[axis], 0, 0, "%.4g");
    note_item(axis == 0 ? "start-x" : "start-z");
    if (ImGui::IsItemDeactivatedAfterEdit())
      meant = true;
    else
      start[axis] = now.start[axis];
  }
  if (meant) {
    for (double& value : start) value = std::clamp(value, -kFarthestStart, kFarthestStart);
    actions.commands.push_back(command::SetStart{start});
  }
  remark("A click on the surface is a new start, too.");
  bool own = status.rate <= 0;
  if (ImGui::Checkbox("a rate that suits each method", &own))
    actions.commands.push_back(command::SetRate{own ? 0 : 0.01});
  note_item("own-rates");
  if (status.rate <= 0) return;
  double rate = status.rate;
  if (log_slider("##rate", 0.5f * ImGui::GetContentRegionAvail().x, -4, 1, rate))
    actions.commands.push_back(command::SetRate{rate});
  note_item("one-rate");
  ImGui::SameLine();
  ImGui::Text("%.3g for all", rate);
}

void draw_presets(ActionContext& actions) {
  heading("What tells them apart");
  for (const DescentPreset& preset : descent_presets()) {
    if (ImGui::Button(preset.label)) {
      for (Command& each : preset.commands()) actions.commands.push_back(std::move(each));
      actions.commands.push_back(command::Play{});
    }
    note_item(fmt::format("preset-{}", preset.name));
    remark(preset.text);
  }
}

// A network has no two parameters.
void draw_way_there(ActionContext& actions) {
  paragraph(
      "Here each step of an optimizer is taken apart, on a surface of two parameters; this lesson trains a "
      "network.");
  if (actions.start == nullptr || actions.start->lessons.empty()) {
    remark(fmt::format("Open scenes/{} for it.", kLesson));
    return;
  }
  const std::filesystem::path lesson = actions.start->lessons / kLesson;
  if (ImGui::Button("Open \"All optimizers, one surface\"")) actions.wishes.open = lesson.string();
  note_item("open-two-parameters");
}

}  // namespace

void draw_steps(const Status& status, ViewState& view, ActionContext& actions) {
  if (!status.descents) return draw_way_there(actions);
  const DescentsFacts& now = *status.descents;
  draw_method(status, now, actions);
  draw_surface(now, *view.theme, actions);
  draw_start_and_rate(status, now, actions);
  draw_presets(actions);
}

}  // namespace fl
