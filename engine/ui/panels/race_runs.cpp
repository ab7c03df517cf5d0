#include "engine/ui/panels/race_runs.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/pass/lane_look.h"
#include "engine/pass/ticks.h"
#include "engine/ui/actions.h"
#include "engine/ui/panels/curves_panel.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
#include "engine/ui/run_actions.h"
#include "engine/ui/style.h"

namespace fl {
namespace {

// Of a pattern, in its units: ink and gap in turns (shaders/dash.glsl).
std::vector<float> pieces(std::uint32_t pattern) {
  switch (pattern) {
    case shared::kDashed:
      return {8.5f, 4.5f};
    case shared::kDotted:
      return {2.5f, 3.5f};
    case shared::kDashDotted:
      return {8.5f, 3.5f, 2.5f, 3.5f};
    default:
      return {1e3f, 0};
  }
}

void draw_sample(std::uint32_t number, const Theme& theme, bool hidden) {
  const float line = ImGui::GetTextLineHeight(), width = 2.4f * line, unit = line / 12;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float y = std::round(at.y + line / 2 + ImGui::GetStyle().FramePadding.y);
  glm::vec4 color = lane_color(theme, number);
  if (hidden) color.a = 0.35f;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::vector<float> of_pattern = pieces(lane_pattern(number));
  float x = 0;
  for (std::size_t i = 0; x < width; ++i) {
    const float length = of_pattern[i % of_pattern.size()] * unit;
    if (i % 2 == 0)
      list.AddLine({at.x + x, y}, {at.x + std::min(x + length, width), y}, colour(color), 0.22f * line);
    x += length;
  }
  ImGui::Dummy({width, line});
}

std::string loss_words(const LaneFacts& run) {
  if (run.diverged != 0) return "diverged";
  return std::isfinite(run.loss) ? format_value(run.loss, 3) : "";
}

}  // namespace

void draw_runs(ViewState& view, ActionContext& actions) {
  const RaceFacts& race = actions.shown.facts.race;
  const std::vector<std::uint32_t> numbers = run_numbers(actions);
  const auto count = std::min<std::size_t>(numbers.size(), race.lanes);
  const bool forks = race.forks > 0;
  const bool removable = forks && actions.shown.facts.fate.count == 0;
  heading("Runs");
  const std::span lanes = std::span(race.lane).first(count);
  const bool rough =
      std::ranges::any_of(lanes, [](const LaneFacts& run) { return std::isfinite(run.roughness); });
  const int columns = 5 + (removable ? 1 : 0) + (rough ? 1 : 0);
  if (ImGui::BeginTable("##runs", columns, ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_RowBg)) {
    ImGui::TableSetupColumn("##shown");
    ImGui::TableSetupColumn("##line");
    ImGui::TableSetupColumn("run", ImGuiTableColumnFlags_WidthStretch);
    if (rough) ImGui::TableSetupColumn("roughness");
    ImGui::TableSetupColumn("loss");
    ImGui::TableSetupColumn("test");
    if (removable) ImGui::TableSetupColumn("##remove");
    ImGui::TableHeadersRow();
    for (std::uint32_t i = 0; i < count; ++i) {
      const LaneFacts& run = race.lane.at(i);
      const std::uint32_t number = numbers[i];
      ImGui::PushID(static_cast<int>(number));
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      bool shown = (view.hidden_runs >> number & 1u) == 0;
      if (ImGui::Checkbox("##shown", &shown)) view.hidden_runs ^= 1u << number;
      note_item(fmt::format("run-{}", i + 1));
      ImGui::TableNextColumn();
      draw_sample(number, *view.theme, !shown);
      ImGui::TableNextColumn();
      ImGui::AlignTextToFramePadding();
      const std::string name = forks ? run.words.data() : actions.lesson.raced[i];
      ImGui::TextUnformatted(shortened(name, ImGui::GetContentRegionAvail().x).c_str());
      if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", name.c_str());
      if (rough) {
        ImGui::TableNextColumn();
        ImGui::AlignTextToFramePadding();
        if (std::isfinite(run.roughness)) ImGui::TextUnformatted(format_value(run.roughness, 3).c_str());
        if (ImGui::IsItemHovered())
          ImGui::SetTooltip(
              "Along random lines through its end the loss goes up and down\n"
              "so many times as far as in a bowl");
      }
      ImGui::TableNextColumn();
      ImGui::AlignTextToFramePadding();
      ImGui::TextUnformatted(loss_words(run).c_str());
      ImGui::TableNextColumn();
      ImGui::AlignTextToFramePadding();
      if (std::isfinite(run.test_accuracy))
        ImGui::TextUnformatted(accuracy_words(static_cast<double>(run.test_accuracy)).c_str());
      if (removable) {
        ImGui::TableNextColumn();
        if (i > 0 && ImGui::Button("x")) remove_fork(actions, number);
        if (i > 0) note_item(fmt::format("remove-fork-{}", i));
        if (i > 0 && ImGui::IsItemHovered()) ImGui::SetTooltip("Removes this fork");
      }
      ImGui::PopID();
    }
    ImGui::EndTable();
  }
  if (ImGui::Button("The next alone")) action("next-run").act(actions);
  note_item("next-run");
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", tip("next-run").c_str());
  ImGui::SameLine();
  if (view.hidden_runs == 0) ImGui::BeginDisabled();
  const bool all = view.hidden_runs == 0;
  if (ImGui::Button("All")) view.hidden_runs = 0;
  note_item("all-runs");
  if (all) ImGui::EndDisabled();
  const bool apart = std::ranges::any_of(lanes, [](const LaneFacts& run) { return run.apart != 0; });
  if (race.second_surface > 0)
    remark("The two networks have a landscape each, about their own ends: the second one is the glass.");
  else if (apart)
    remark("A run of another network has curves alone: the landscape is that of the first run's network.");
}

}  // namespace fl
