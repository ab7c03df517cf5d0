#include "engine/view/stage_words.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/scene/camera.h"
#include "engine/view/text.h"
#include "engine/view/ticks.h"

namespace fl {
namespace {

constexpr float kTitleSize = 22;
constexpr float kTextSize = 14;
constexpr float kEdge = 12;  // pixels of the view's edge that stay free of labels
constexpr float kGlow = 3;   // pixels of background around words that stand over the landscape

const char* state_name(std::uint32_t state) {
  switch (static_cast<RunState>(state)) {
    case RunState::kPaused:
      return "paused";
    case RunState::kFinished:
      return "finished";
    case RunState::kDiverged:
      return "diverged: the loss is no longer a number";
    case RunState::kStopped:
      return "stopped";
    case RunState::kReady:
    case RunState::kTraining:
      return nullptr;
  }
  return nullptr;
}

glm::vec4 glow_color(const Theme& theme) {
  return {glm::vec3(theme.background_top + theme.background_bottom) * 0.5f, 0.75f};
}

}  // namespace

void append_world_labels(const PassContext& context, const Font& font, const std::vector<Label>& labels,
                         std::vector<ScreenLabel>& out) {
  const glm::mat4 matrix = context.projection * context.view;
  const Rect& rect = context.viewport;
  const float edge = kEdge * context.scale;
  for (const Label& label : labels) {
    const glm::vec3 at = project(matrix, label.world, {rect.width, rect.height});
    // A label of a part of the box that is out of view would stand on the neighbours.
    if (at.z <= 0 || at.x < edge || at.y < edge || at.x > rect.width - edge || at.y > rect.height - edge)
      continue;
    ScreenLabel placed{
        .text = label.text,
        .pixel = glm::vec2{rect.x, rect.y} + glm::vec2(at) + label.pixel_offset * context.scale,
        .size = label.size * context.scale,
        .color = label.color,
        .align_x = label.align_x,
        .align_y = label.align_y,
        .weight = label.weight,
        .outline = kGlow * context.scale,
        .outline_color = glow_color(context.theme)};
    const float width = text_width(font, font_weight(placed.weight), placed.text, placed.size);
    const float before = placed.align_x == AlignX::kLeft    ? 0
                         : placed.align_x == AlignX::kRight ? width
                                                            : width / 2;
    const float lowest = rect.x + edge + before;
    placed.pixel.x =
        std::clamp(placed.pixel.x, lowest, std::max(lowest, rect.right() - edge - width + before));
    out.push_back(std::move(placed));
  }
}

void append_headline(const PassContext& context, const Rect& rect, const StageTexts& texts,
                     std::vector<ScreenLabel>& out) {
  const FrameHeader& header = context.header;
  float y = rect.y;
  if (!texts.title.empty()) {
    out.push_back({.text = texts.title,
                   .pixel = {rect.x, y},
                   .size = kTitleSize * context.scale,
                   .color = context.theme.text,
                   .align_y = AlignY::kTop,
                   .weight = Weight::kBold});
    y += kTitleSize * 1.3f * context.scale;
  }
  if (header.step == 0 && header.total_steps == 0) return;
  std::string line = fmt::format("step {}", header.step);
  if (header.steps_per_epoch > 0)
    line += fmt::format("   epoch {:.1f}", static_cast<double>(header.step) / header.steps_per_epoch);
  if (header.rate > 0) line += fmt::format("   rate {:.3g}", header.rate);
  if (header.path_count > 0) line += "   loss " + format_value(header.ball.real_loss);
  out.push_back({.text = line,
                 .pixel = {rect.x, y},
                 .size = kTextSize * context.scale,
                 .color = context.theme.text_muted,
                 .align_y = AlignY::kTop});
  if (const char* state = state_name(header.state))
    out.push_back({.text = state,
                   .pixel = {rect.right(), rect.y},
                   .size = kTextSize * 1.15f * context.scale,
                   .color = header.state == static_cast<std::uint32_t>(RunState::kDiverged)
                                ? context.theme.warning
                                : context.theme.accent,
                   .align_x = AlignX::kRight,
                   .align_y = AlignY::kTop,
                   .weight = Weight::kBold});
}

void append_footnote(const PassContext& context, const Rect& rect, std::vector<ScreenLabel>& out) {
  const FrameHeader& header = context.header;
  if (header.grid_evaluated == 0) return;
  std::string line = fmt::format("{0} × {0} points", header.grid_side);
  const std::uint32_t all = header.grid_side * header.grid_side;
  if (header.grid_evaluated < all)
    line += fmt::format(", {:.0f} % evaluated", std::floor(100.0 * header.grid_evaluated / all));
  if (header.probe_images > 0) line += fmt::format("   probe: {} images", header.probe_images);
  if (header.probe_standard_error > 0)
    line += fmt::format(", ±{}", format_value(header.probe_standard_error, 2));
  // A share of variance means little without what a random walk would show.
  if (header.directions == static_cast<std::uint32_t>(DirectionKind::kPca))
    line +=
        fmt::format("   plane: {:.0f} + {:.0f} % of the path's variance (random walk {:.0f} + {:.0f} %)",
                    100 * header.explained1, 100 * header.explained2, 100 * header.null1, 100 * header.null2);
  out.push_back({.text = line,
                 .pixel = {rect.x, rect.bottom() - 12 * context.scale},
                 .size = 13.5f * context.scale,
                 .color = context.theme.text_muted,
                 .align_y = AlignY::kBaseline});
}

}  // namespace fl
