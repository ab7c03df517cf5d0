#include "engine/ui/control_bar.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include <imgui/imgui.h>

#include "engine/charts/curves_layout.h"
#include "engine/ui/log_slider.h"
#include "engine/ui/places.h"
#include "engine/ui/style.h"
#include "trainer/base/limits.h"
#include "trainer/base/number_text.h"
#include "trainer/optim/optimizer.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kRowHeight = 32, kStatusHeight = 48, kGroupGap = 19, kEdge = 14;
constexpr float kOfHeight = 0.2f;         // the most that the bar takes of a picture's height
constexpr float kMessageOfHeight = 0.5f;  // with a message
// Speed, as a power of ten of steps a second; the right end means as fast as it goes.
constexpr float kSlowest = -1, kFastest = 3;
constexpr float kSpeedSlider = 72, kSpeedWords = 84;  // "1000 steps/s"

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
      return "diverged: the loss is no longer finite; try a smaller rate, then Rewind";
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

void action_button(std::string_view name, const char* words, float width, ActionContext& context) {
  if (ImGui::Button(words, {width, 0})) action(name).act(context);
  note_item(name);
  tooltip(tip(name).c_str());
}

void action_box(std::string_view name, const char* words, bool on, ActionContext& context) {
  if (ImGui::Checkbox(words, &on)) action(name).act(context);
  note_item(name);
  tooltip(tip(name).c_str());
}

// The optimizer picked, if the viewer picked another.
std::optional<OptimizerKind> optimizer_control(OptimizerKind current) {
  std::optional<OptimizerKind> chosen;
  const bool open =
      ImGui::BeginCombo("##optimizer", optimizer_info(current).label, ImGuiComboFlags_HeightLargest);
  note_item("optimizer");
  if (!open) {
    tooltip("The optimizer; changing it clears its memory");
    return chosen;
  }
  for (const std::string& name : optimizer_names()) {
    const OptimizerKind kind = optimizer_by_name(name).value();
    if (ImGui::Selectable(optimizer_info(kind).label, kind == current) && kind != current) chosen = kind;
    if (kind == current) ImGui::SetItemDefaultFocus();
    note_item("optimizer-" + name);
  }
  ImGui::EndCombo();
  return chosen;
}

}  // namespace

void ControlBar::seed_control(float scale, std::vector<Command>& commands) {
  ImGui::SameLine();
  label("seed");
  ImGui::SetNextItemWidth(56 * scale);
  ImGui::InputScalar("##seed", ImGuiDataType_S64, &seed_);
  note_item("seed");
  if (ImGui::IsItemDeactivatedAfterEdit()) {
    seed_ = std::clamp<std::int64_t>(seed_, 0, kMaxSeed);
    commands.push_back(command::Reset{static_cast<std::uint64_t>(seed_)});
  }
  tooltip(
      "Seed of the starting weights and the image order; Enter restarts with it. The images and their split "
      "stay.");
}

// A slider, and a field for those who know the number.
bool ControlBar::rate_control(float scale, double current) {
  if (!holding_rate_) rate_ = current;
  bool changed = log_slider("##rate slider", 104 * scale, kSlowRate, kFastRate, rate_);
  holding_rate_ = ImGui::IsItemActive();
  note_item("rate-slider");
  tooltip("Takes effect at the next step");
  ImGui::SameLine();
  ImGui::SetNextItemWidth(80 * scale);
  double typed = rate_;
  ImGui::InputDouble("##rate", &typed, 0, 0, rate_ > 0 ? "%.3g" : "own");
  note_item("rate");
  // While it is typed into, the field keeps its own text; Enter or a click elsewhere means it.
  if (ImGui::IsItemDeactivatedAfterEdit() && typed > 0) {
    rate_ = std::clamp(typed, kMinRate, kMaxRate);
    changed = true;
  }
  tooltip(rate_ > 0 ? "Type a value, then Enter"
                    : "Each optimizer has a learning rate of its own; type a value, then Enter, for all");
  return changed;
}

void ControlBar::speed_control(float scale, double current, const char* unit,
                               std::vector<Command>& commands) {
  label("speed");
  if (!holding_pace_) pace_ = current > 0 ? static_cast<float>(std::log10(current)) : kFastest;
  ImGui::SetNextItemWidth(kSpeedSlider * scale);
  const auto steps = std::pow(10.0, static_cast<double>(pace_));
  const std::string speed = pace_ >= kFastest ? "full" : fmt::format("{} {}/s", number_text(steps, 2), unit);
  if (ImGui::SliderFloat("##pace", &pace_, kSlowest, kFastest, "", ImGuiSliderFlags_NoInput))
    commands.push_back(
        command::SetPace{pace_ >= kFastest ? 0.0 : std::pow(10.0, static_cast<double>(pace_))});
  holding_pace_ = ImGui::IsItemActive();
  note_item("speed");
  tooltip("Optimizer steps a second, so that there is time to watch");
  // The same room for all words: what stands beside it keeps its place.
  ImGui::SameLine();
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({kSpeedWords * scale, ImGui::GetFrameHeight()});
  ImGui::GetWindowDrawList()->AddText({at.x, at.y + ImGui::GetStyle().FramePadding.y},
                                      ImGui::GetColorU32(ImGuiCol_Text), speed.c_str());
}

float ControlBar::height(float scale) const {
  return std::round((kStatusHeight + kRowHeight * static_cast<float>(rows_ + message_rows_)) * scale);
}

bool ControlBar::next_group(float needed, float width, float scale) {
  if (ImGui::GetItemRectMax().x + (kGroupGap + needed + kEdge) * scale <= width) {
    ImGui::SameLine(0, kGroupGap * scale);
    return true;
  }
  if (rows_ >= most_rows_) return false;
  ++rows_;
  return true;
}

void ControlBar::draw_status(float width, float scale, const ActionContext& context,
                             const WindowFacts& facts) {
  const Status& session = context.status;
  if (!facts.message.empty()) {
    // A sentence is worth more than figures: it gets the whole line.
    const Theme& theme = *context.view.theme;
    const glm::vec4 words = facts.message_is_error ? theme.warning : theme.text;
    const float left = ImGui::GetCursorPosX(), line = ImGui::GetTextLineHeight();
    ImGui::PushTextWrapPos(width - kEdge * scale);
    ImGui::TextColored({words.x, words.y, words.z, 1}, "%s", facts.message.c_str());
    ImGui::PopTextWrapPos();
    note_item("message");
    tooltip(facts.message.c_str());
    const float height =
        ImGui::CalcTextSize(facts.message.c_str(), nullptr, false, width - kEdge * scale - left).y;
    message_rows_ =
        std::min(static_cast<int>(std::ceil((height - line) / (kRowHeight * scale))), most_message_rows_);
    return;
  }
  const SweepFacts& sweep = context.shown.facts.sweep;
  ImGui::TextDisabled("%s", !facts.lesson                     ? "no lesson yet"
                            : context.lesson.sweep == nullptr ? state_word(session.state)
                            : sweep.known < sweep.cells       ? "not complete yet"
                                                              : "complete");
  if (!facts.film.empty()) {
    ImGui::SameLine(0, kGroupGap * scale);
    ImGui::TextUnformatted(facts.film.c_str());
    note_item("film");
  }
  const float left = ImGui::GetItemRectMax().x + kGroupGap * scale;
  std::string status = fmt::format("{} steps/s    {:.0f} frames/s", number_text(session.steps_per_second, 3),
                                   facts.frames_per_second);
  std::string shares;
  if (const auto& had = facts.shares)
    shares = fmt::format("training {:.0f} %  surface {:.0f} %  pictures {:.0f} %", 100 * had->training,
                         100 * had->surface, 100 * had->pictures);
  // From the most to the least wanted, as far as there is room.
  for (const std::string& more : {shares, session.device, "drawn by " + facts.renderer, facts.ring})
    if (!more.empty() &&
        left + ImGui::CalcTextSize((status + "    " + more).c_str()).x + kEdge * scale <= width)
      status += "    " + more;
  const float status_width = ImGui::CalcTextSize(status.c_str()).x;
  if (left + status_width + kEdge * scale > width) return;
  ImGui::SameLine(width - status_width - kEdge * scale);
  ImGui::TextDisabled("%s", status.c_str());
}

void ControlBar::draw(float width, float picture_height, float scale, const WindowFacts& facts,
                      ActionContext context) {
  const Status& status = context.status;
  std::vector<Command>& commands = context.commands;
  const ViewState& view = context.view;
  const bool over = status.over();
  if (shown_seed_ != status.seed) seed_ = static_cast<std::int64_t>(shown_seed_ = status.seed);
  context.seed = static_cast<std::uint64_t>(seed_);

  most_rows_ =
      std::max(1, static_cast<int>((kOfHeight * picture_height / scale - kStatusHeight) / kRowHeight));
  rows_ = std::min(rows_, most_rows_);
  most_message_rows_ = std::max(
      0, static_cast<int>((kMessageOfHeight * picture_height / scale - kStatusHeight) / kRowHeight) - rows_);
  // As high as the rows of the last frame: one frame after a resize the layout has settled.
  ImGui::SetNextWindowPos({0, picture_height - height(scale)});
  ImGui::SetNextWindowSize({width, height(scale)});
  rows_ = 1;
  message_rows_ = 0;
  const BarStyle style(scale, {14, 8});
  ImGui::Begin("controls", nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus);

  if (!facts.lesson) ImGui::BeginDisabled();
  const bool cells = context.lesson.sweep != nullptr;  // they are trained by themselves
  const bool map = status.rates.has_value() || cells;  // there is no start to choose
  if (over) ImGui::BeginDisabled();
  if (!cells) {
    const PrimaryButton primary(*view.theme, facts.lesson && !over);
    action_button("train-or-pause",
                  status.playing && !over ? "Pause"
                  : status.rates          ? "Zoom"
                                          : "Train",
                  84 * scale, context);
    ImGui::SameLine();
    action_button("one-step", "Step", 60 * scale, context);
    ImGui::SameLine();
  }
  if (over) ImGui::EndDisabled();
  action_button("reset", "Rewind", 66 * scale, context);
  if (!map) seed_control(scale, commands);
  if (!map && context.lesson.raced.empty() && next_group(245, width, scale)) {
    label("rate");
    if (rate_control(scale, status.rate)) commands.push_back(command::SetRate{rate_});
  }

  if (status.optimizer && next_group(138, width, scale)) {
    ImGui::SetNextItemWidth(138 * scale);
    if (const auto chosen = optimizer_control(*status.optimizer))
      commands.push_back(command::SetOptimizer{*chosen});
  }

  if (!cells && next_group(54 + kSpeedSlider + kSpeedWords, width, scale))
    speed_control(scale, status.pace, status.descents && status.descents->phase > 0 ? "phases" : "steps",
                  commands);

  if (next_group(map ? 80 : 266, width, scale)) {
    if (!map) {
      action_box("height-scale", "log height", view.height.log(), context);
      ImGui::SameLine();
      action_box("loss-axis", "log curves", log_loss_axis(context.shown, view.curves.loss_axis), context);
      ImGui::SameLine();
    }
    action_box("theme", "light", view.light(), context);
  }

  if (!facts.lesson) ImGui::EndDisabled();
  const ImVec2 line = ImGui::GetCursorPos();
  const float help_width = 28 * scale, help_left = width - kEdge * scale - help_width;
  ImGui::PushClipRect(ImGui::GetWindowPos(), {help_left - 8 * scale, picture_height}, true);
  draw_status(help_left, scale, context, facts);
  ImGui::PopClipRect();
  ImGui::SetCursorPos({help_left, line.y - 3 * scale});
  action_button("keys", "?", help_width, context);
  ImGui::End();
}

}  // namespace fl
