#include "engine/ui/control_bar.h"

#include <algorithm>
#include <cmath>
#include <string>

#include <imgui/imgui.h>

namespace fl {
namespace {

constexpr float kHeight = 80;  // pixels at scale 1
// Speed, as a power of ten of steps a second; the right end means as fast as it goes.
constexpr float kSlowest = -1, kFastest = 3;
constexpr const char* kOptimizerLabels[] = {"Gradient descent", "Adam"};  // in OptimizerKind's order

const char* state_word(RunState state) {
  switch (state) {
    case RunState::kReady:
      return "ready";
    case RunState::kTraining:
      return "training";
    case RunState::kPaused:
      return "paused";
    case RunState::kFinished:
      return "finished";
    case RunState::kDiverged:
      return "diverged: the loss is no longer finite; try a smaller rate, then Reset";
    case RunState::kStopped:
      return "stopped";
  }
  return "";
}

void tooltip(const char* text) {
  if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", text);
}

void label(const char* text) {
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted(text);
  ImGui::SameLine();
}

void gap(float scale) {
  ImGui::SameLine(0, 22 * scale);
}

}  // namespace

// A slider over the exponent, because ImGui's own logarithmic slider stops at the last digit it prints, and
// a field for those who know the number.
bool ControlBar::rate_control(float scale, float current) {
  if (!holding_rate_) rate_ = static_cast<double>(current);
  auto exponent = static_cast<float>(std::log10(std::max(rate_, 1e-12)));
  ImGui::SetNextItemWidth(130 * scale);
  bool changed = ImGui::SliderFloat("##rate slider", &exponent, -6, 1, "", ImGuiSliderFlags_NoInput);
  holding_rate_ = ImGui::IsItemActive();
  // Two digits are what a hand can mean.
  if (changed) rate_ = std::stod(fmt::format("{:.1e}", std::pow(10.0, static_cast<double>(exponent))));
  tooltip("Takes effect at the next step");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(84 * scale);
  double typed = rate_;
  ImGui::InputDouble("##rate", &typed, 0, 0, "%.3g");
  // While it is typed into, the field keeps its own text; Enter or a click elsewhere means it.
  if (ImGui::IsItemDeactivatedAfterEdit() && typed > 0 && std::isfinite(typed)) {
    rate_ = typed;
    changed = true;
  }
  tooltip("Type a value, then Enter");
  return changed;
}

float ControlBar::height(float scale) {
  return std::round(kHeight * scale);
}

std::vector<Command> ControlBar::draw(float width, float picture_height, float scale,
                                      const ControlFacts& facts, ViewChoices& choices) {
  std::vector<Command> commands;
  const FrameHeader& h = facts.header;
  const auto state = static_cast<RunState>(h.state);
  const bool over = state == RunState::kFinished || state == RunState::kDiverged;

  ImGui::SetNextWindowPos({0, picture_height - height(scale)});
  ImGui::SetNextWindowSize({width, height(scale)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {14 * scale, 8 * scale});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {8 * scale, 5 * scale});
  ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, 4 * scale);
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {8 * scale, 6 * scale});
  ImGui::Begin("controls", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus);

  const ImVec2 button{84 * scale, 0};
  if (over) ImGui::BeginDisabled();
  const bool playing = state == RunState::kTraining;
  if (ImGui::Button(playing ? "Pause" : "Train", button))
    commands.push_back({playing ? CommandKind::kPause : CommandKind::kPlay});
  tooltip("Space");
  ImGui::SameLine();
  if (ImGui::Button("Step", {60 * scale, 0})) commands.push_back({CommandKind::kStep});
  tooltip("One optimizer step (right arrow)");
  if (over) ImGui::EndDisabled();
  ImGui::SameLine();
  if (ImGui::Button("Reset", {66 * scale, 0}))
    commands.push_back({CommandKind::kReset, static_cast<double>(std::max(seed_, 0))});
  tooltip("Back to the starting weights of this seed (R)");
  ImGui::SameLine();
  label("seed");
  if (shown_seed_ != facts.seed) seed_ = static_cast<int>(shown_seed_ = facts.seed);
  ImGui::SetNextItemWidth(64 * scale);
  ImGui::InputInt("##seed", &seed_, 0, 0);
  if (ImGui::IsItemDeactivatedAfterEdit()) {
    seed_ = std::max(seed_, 0);
    commands.push_back({CommandKind::kReset, static_cast<double>(seed_)});
  }
  tooltip("Which random start and order; Enter begins anew with it");

  gap(scale);
  label("learning rate");
  if (rate_control(scale, h.rate)) commands.push_back({CommandKind::kSetRate, rate_});

  gap(scale);
  ImGui::SetNextItemWidth(150 * scale);
  int optimizer = static_cast<int>(facts.optimizer);
  if (ImGui::Combo("##optimizer", &optimizer, kOptimizerLabels, IM_ARRAYSIZE(kOptimizerLabels)))
    commands.push_back({CommandKind::kSetOptimizer, static_cast<double>(optimizer)});
  tooltip("The optimizer; its moments start from zero");

  gap(scale);
  label("speed");
  if (!holding_pace_) pace_ = facts.pace > 0 ? static_cast<float>(std::log10(facts.pace)) : kFastest;
  ImGui::SetNextItemWidth(130 * scale);
  const auto steps = std::pow(10.0, static_cast<double>(pace_));
  const std::string speed = pace_ >= kFastest ? "full" : fmt::format("{:.2g} steps/s", steps);
  if (ImGui::SliderFloat("##pace", &pace_, kSlowest, kFastest, speed.c_str(), ImGuiSliderFlags_NoInput))
    commands.push_back(
        {CommandKind::kSetPace, pace_ >= kFastest ? 0.0 : std::pow(10.0, static_cast<double>(pace_))});
  holding_pace_ = ImGui::IsItemActive();
  tooltip("Optimizer steps a second, so that there is time to watch");

  gap(scale);
  ImGui::Checkbox("log height", &choices.log_height);
  tooltip("Height and colour by the logarithm of the loss (L)");
  ImGui::SameLine();
  ImGui::Checkbox("light", &choices.light_theme);
  tooltip("Light theme, for bright rooms (T)");

  // The status line.
  if (!facts.message.empty()) {
    const ImVec4 colour =
        facts.message_is_error ? ImVec4(0.95f, 0.45f, 0.30f, 1) : ImGui::GetStyleColorVec4(ImGuiCol_Text);
    ImGui::TextColored(colour, "%s", facts.message.c_str());
  } else {
    ImGui::TextDisabled("%s", state_word(state));
  }
  const std::string status =
      fmt::format("{:.3g} steps/s    {:.0f} frames/s    {}    drawn by {}    {}", h.steps_per_second,
                  facts.frames_per_second, facts.device, facts.renderer, facts.ring);
  const float status_width = ImGui::CalcTextSize(status.c_str()).x;
  ImGui::SameLine(std::max(ImGui::GetCursorPosX(), width - status_width - 16 * scale));
  ImGui::TextDisabled("%s", status.c_str());
  ImGui::End();
  ImGui::PopStyleVar(6);
  return commands;
}

}  // namespace fl
