#include "engine/landscape/path_legend.h"

#include <algorithm>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "engine/pass/lane_look.h"
#include "engine/pass/ticks.h"
#include "engine/text/text_layout.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kTitleSize = 17, kTitleRow = 32, kTitleBaseline = 15;
constexpr float kTextSize = 16;
constexpr float kLeastRow = 20, kLargestRow = 34;
constexpr float kSwatchWidth = 22, kSwatchHeight = 5;
constexpr float kGap = 11;
// Of a race: a sample of the line with its pattern, and the column of accuracies.
constexpr float kSampleWidth = 36, kAccuracyWidth = 64, kLossWidth = 60;
constexpr float kHiddenStrength = 0.35f;

std::string roughness_value(const LaneFacts& lane) {
  return format_value(lane.roughness, 3);
}

}  // namespace

// As shaders/dash.glsl has it, in pieces.
void PathLegend::draw_sample(const PassContext& context, const Rect& place, std::uint32_t pattern,
                             const glm::vec4& color) const {
  const float unit = place.width / kSampleWidth;
  const auto piece = [&](float from, float length) {
    panels_->draw(context, Panel{.rect = {place.x + std::round(from * unit), place.y,
                                          std::round(length * unit), place.height},
                                 .fill = color,
                                 .radius = place.height / 2});
  };
  switch (pattern) {
    case shared::kDashed:
      piece(0, 15);
      piece(21, 15);
      return;
    case shared::kDotted:
      for (const float from : {0.0f, 10.0f, 20.0f, 30.0f}) piece(from, 5);
      return;
    case shared::kDashDotted:
      piece(0, 14);
      piece(18, 5);
      piece(27, 9);
      return;
    default:
      panels_->draw(context, Panel{.rect = place, .fill = color, .radius = place.height / 2});
  }
}

void PathLegend::draw(const PassContext& context, const Rect& panel_in, const StageTexts& texts,
                      std::vector<ScreenLabel>& labels_out) const {
  const Frame& frame = context.frame;
  const std::uint32_t count = std::min(frame.header.several_paths, kFrameMaxPaths);
  if (count == 0) return;
  const Rect panel = snapped(panel_in);
  const float scale = panel_scale(context, panel, {250, kTitleRow + kLeastRow * static_cast<float>(count)});
  const float title = std::round(kTitleSize * scale), size = std::round(kTextSize * scale);
  const RaceFacts& race = frame.facts.race;
  const ScreenLabel heading{.text = race.forks > 0 ? "run" : texts.path_heading,
                            .pixel = {panel.x, panel.y + std::round(kTitleBaseline * scale)},
                            .size = title,
                            .color = context.theme.text,
                            .weight = Weight::kBold};
  labels_out.push_back(heading);
  // Of a race the accuracy stands at the right edge, the loss before it.
  const float loss_right = panel.right() - (race.lanes > 0 ? std::round(kAccuracyWidth * scale) : 0);
  ScreenLabel column = heading;
  column.align_x = AlignX::kRight;
  column.text = "loss";
  column.pixel.x = loss_right;
  labels_out.push_back(column);
  if (race.lanes > 0) {
    column.text = "test";
    column.pixel.x = panel.right();
    labels_out.push_back(column);
  }

  // Before the loss, where it was measured.
  const std::span lanes = std::span(race.lane).first(std::min(race.lanes, kFrameMaxPaths));
  const bool rough =
      std::ranges::any_of(lanes, [](const LaneFacts& lane) { return std::isfinite(lane.roughness); });
  const float rough_right = loss_right - std::round(kLossWidth * scale);
  if (rough) {
    column.text = "roughness";
    column.pixel.x = rough_right;
    labels_out.push_back(column);
  }

  const float top = panel.y + std::round(kTitleRow * scale);
  const float pitch =
      std::floor(std::min(kLargestRow * scale, (panel.bottom() - top) / static_cast<float>(count)));
  const float width = std::round((race.lanes > 0 ? kSampleWidth : kSwatchWidth) * scale);
  const float height = std::round(kSwatchHeight * scale);
  const float name_x = panel.x + width + std::round(kGap * scale);
  for (std::uint32_t i = 0; i < count; ++i) {
    const FramePath& path = frame.header.paths[i];
    const float middle = top + std::round((static_cast<float>(i) + 0.5f) * pitch);
    const bool hidden = lane_hidden(context, i);
    const Rect sample{panel.x, middle - std::floor(height / 2), width, height};
    glm::vec4 color = lane_color(context.theme, path.color);
    if (hidden) color = flattened(color, context.theme.panel, kHiddenStrength);
    draw_sample(context, sample, race.lanes > 0 ? lane_pattern(path.color) : shared::kSolid, color);
    const bool lost = race.lanes > 0 ? race.lane.at(i).diverged != 0 : path.diverged != 0;
    const float loss = race.lanes > 0 ? race.lane.at(i).loss : path.ball.real_loss;
    const std::string value = lost ? "diverged" : format_value(loss, 3);
    const std::string rough_value =
        std::isfinite(race.lane.at(i).roughness) ? roughness_value(race.lane.at(i)) : "";
    const float right = rough ? rough_right : loss_right;
    const float room = right - name_x -
                       text_width(*font_, FontWeight::kRegular, rough ? rough_value : value, size) -
                       kGap * scale;
    // Its path ends with a cross, though the run goes on.
    const bool left = race.lanes > 0 && path.diverged != 0 && !lost;
    const std::string own = race.lane.at(i).words.data();
    const std::string name = (own.empty() ? path_name(texts, i) : own) + (left ? ", left the picture" : "");
    ScreenLabel label{.text = fit_text(*font_, FontWeight::kRegular, name, size, room),
                      .pixel = {name_x, middle},
                      .size = size,
                      .color = hidden ? context.theme.text_muted : context.theme.text,
                      .align_y = AlignY::kMiddle};
    labels_out.push_back(label);
    label.align_x = AlignX::kRight;
    if (!rough_value.empty()) {
      label.text = rough_value;
      label.pixel.x = rough_right;
      labels_out.push_back(label);
    }
    if (race.lanes > 0 && std::isfinite(race.lane.at(i).test_accuracy)) {
      label.text = fmt::format("{:.0f} %", std::round(100 * race.lane.at(i).test_accuracy));
      label.pixel.x = panel.right();
      labels_out.push_back(label);
    }
    label.text = value;
    label.pixel.x = loss_right;
    if (lost) label.color = context.theme.warning;
    labels_out.push_back(label);
  }
}

}  // namespace fl
