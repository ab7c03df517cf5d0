#include "engine/ui/panels/race_runs.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <imgui/imgui.h>

#include "engine/pass/lane_look.h"
#include "engine/pass/ticks.h"
#include "engine/ui/actions.h"
#include "engine/ui/panels/curves_panel.h"
#include "engine/ui/panels/words.h"
#include "engine/ui/places.h"
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

void draw_sample(std::uint32_t run, const Theme& theme, bool hidden) {
  const float line = ImGui::GetTextLineHeight(), width = 2.4f * line, unit = line / 12;
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float y = std::round(at.y + line / 2 + ImGui::GetStyle().FramePadding.y);
  glm::vec4 color = lane_color(theme, run);
  if (hidden) color.a = 0.35f;
  ImDrawList& list = *ImGui::GetWindowDrawList();
  const std::vector<float> of_pattern = pieces(lane_pattern(run));
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

void draw_race_runs(ViewState& view, ActionContext& actions) {
  const RaceFacts& race = actions.shown.facts.race;
  const auto count = std::min<std::size_t>(actions.lesson.raced.size(), race.lanes);
  heading("Runs");
  if (ImGui::BeginTable("##runs", 5, ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_RowBg)) {
    ImGui::TableSetupColumn("##shown");
    ImGui::TableSetupColumn("##line");
    ImGui::TableSetupColumn("run", ImGuiTableColumnFlags_WidthStretch);
    ImGui::TableSetupColumn("loss");
    ImGui::TableSetupColumn("test");
    ImGui::TableHeadersRow();
    for (std::uint32_t i = 0; i < count; ++i) {
      const LaneFacts& run = race.lane.at(i);
      ImGui::PushID(static_cast<int>(i));
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      bool shown = (view.hidden_runs >> i & 1u) == 0;
      if (ImGui::Checkbox("##shown", &shown)) view.hidden_runs ^= 1u << i;
      note_item(fmt::format("run-{}", i + 1));
      ImGui::TableNextColumn();
      draw_sample(i, *view.theme, !shown);
      ImGui::TableNextColumn();
      ImGui::AlignTextToFramePadding();
      ImGui::TextUnformatted(shortened(actions.lesson.raced[i], ImGui::GetContentRegionAvail().x).c_str());
      ImGui::TableNextColumn();
      ImGui::AlignTextToFramePadding();
      ImGui::TextUnformatted(loss_words(run).c_str());
      ImGui::TableNextColumn();
      ImGui::AlignTextToFramePadding();
      if (std::isfinite(run.test_accuracy))
        ImGui::TextUnformatted(accuracy_words(static_cast<double>(run.test_accuracy)).c_str());
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
  const bool apart = std::ranges::any_of(std::span(race.lane).first(count),
                                         [](const LaneFacts& run) { return run.apart != 0; });
  if (apart)
    remark("A run of another network has curves alone: the landscape is that of the first run's network.");
}

}  // namespace fl
