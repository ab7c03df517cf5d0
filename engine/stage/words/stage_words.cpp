#include "engine/stage/words/stage_words.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <glm/geometric.hpp>

#include "engine/charts/rates_layout.h"
#include "engine/charts/sweep/sweep_layout.h"
#include "engine/pass/ticks.h"
#include "engine/text/text.h"
#include "engine/text/text_layout.h"
#include "engine/view/camera.h"

namespace fl {
namespace {

constexpr float kTitleSize = 22;
constexpr float kTextSize = 15;
constexpr float kStateSize = 16;
constexpr float kStateShare = 0.6f;  // of the headline's width, at most
constexpr float kMessageSize = 17;
constexpr float kMessageShare = 0.86f;  // of the landscape's width, at most
constexpr std::size_t kMessageLines = 3;
// A longer one, whose end is what to do.
constexpr float kLongMessageSize = 15;
constexpr float kMessageHeight = 0.6f;  // of the landscape's, at most
constexpr float kEdge = 12;           // pixels of the view's edge that stay free of labels
constexpr float kRoom = 5;            // pixels between labels, half of it above and below
constexpr float kReach = 8;           // how far a label may move to be free, in its sizes
constexpr float kLongTitle = 0.33f;   // share of the view's width from which a title is said in short
constexpr float kLeastTitle = 0.72f;  // of its size, to which a scene's title shrinks before it is cut
constexpr float kGlow = 3;            // pixels of background around words that stand over the landscape

const char* state_name(RunState state) {
  switch (state) {
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

// The clauses that fit `width`, from the left.
std::string join_fitting(const Font& font, const std::vector<std::string>& clauses, float size, float width) {
  std::string line;
  for (const std::string& clause : clauses) {
    const std::string longer = line + clause;
    if (!line.empty() && text_width(font, FontWeight::kRegular, longer, size) > width) break;
    line = longer;
  }
  return fit_text(font, FontWeight::kRegular, line, size, width);
}

// The state, without what explains it where that does not fit.
std::string short_enough(const Font& font, std::string_view state, float size, float width) {
  if (text_width(font, FontWeight::kSemiBold, state, size) > width) state = state.substr(0, state.find(':'));
  return fit_text(font, FontWeight::kSemiBold, state, size, width);
}

// The text, or what stands for it where it would take much of the view: wide words lie on the surface.
std::string brief_enough(const Font& font, const Label& label, float scale, float view_width) {
  const float width = text_width(font, font_weight(label.weight), label.text, label.size * scale);
  return label.short_text.empty() || width < kLongTitle * view_width ? label.text : label.short_text;
}

// What a label covers, with a little room around it.
Rect covered(const Font& font, const ScreenLabel& label, float room) {
  const glm::vec2 origin = label_origin(font, label);
  const float width = text_width(font, font_weight(label.weight), label.text, label.size);
  const float above = font.metrics().cap_height * label.size;
  return {origin.x - room, origin.y - above - room / 2, width + 2 * room, above + room + 0.1f * label.size};
}

// Puts labels on the picture one after the other, each inside the view and clear of those before.
class Placement {
 public:
  Placement(const PassContext& context, const Font& font, const Rect& taken,
            const std::vector<ScreenLabel>& before)
      : context_(context), font_(font), room_(kRoom * context.scale) {
    taken_.push_back(taken);
    for (const ScreenLabel& label : before) taken_.push_back(covered(font, label, 0));
  }

  // False where there is no place for it; else `label` is where it belongs. `away`: unit length or zero.
  bool place(ScreenLabel& label, glm::vec2 away) {
    const glm::vec2 wanted = label.pixel;
    const auto reach = static_cast<int>(kReach * label.size);
    const auto try_direction = [&](glm::vec2 direction, int most) {
      for (int distance = 0; distance <= most; ++distance) {
        label.pixel = wanted + direction * static_cast<float>(distance);
        keep_inside(label);
        const Rect box = covered(font_, label, room_);
        if (std::ranges::any_of(taken_, [&](const Rect& other) { return overlap(box, other); })) continue;
        taken_.push_back(covered(font_, label, 0));
        return true;
      }
      return false;
    };
    if (away == glm::vec2{0}) return try_direction({0, 0}, 0);
    for (const glm::vec2 direction : {away, {0, 1}, {0, -1}, {-away.y, away.x}, {away.y, -away.x}})
      if (try_direction(direction, reach)) return true;
    return false;
  }

 private:
  void keep_inside(ScreenLabel& label) const {
    const Rect box = covered(font_, label, 0);
    const Rect inner = inset(context_.viewport, kEdge * context_.scale);
    label.pixel.x += std::max(0.0f, inner.x - box.x) - std::max(0.0f, box.right() - inner.right());
    label.pixel.y += std::max(0.0f, inner.y - box.y) - std::max(0.0f, box.bottom() - inner.bottom());
  }

  const PassContext& context_;
  const Font& font_;
  float room_;
  std::vector<Rect> taken_;
};

}  // namespace

void append_world_labels(const PassContext& context, const Font& font, const std::vector<Label>& labels,
                         const Rect& taken, std::vector<ScreenLabel>& out) {
  const glm::mat4 matrix = context.projection * context.view;
  const Rect& rect = context.viewport;
  const glm::vec2 size{rect.width, rect.height};
  Placement placement(context, font, taken, out);
  for (const Label& label : labels) {
    const glm::vec3 at = project(matrix, label.world, size);
    // A label of a part of the box that is out of view would stand on the neighbours.
    if (!(at.z > 0 && at.x >= 0 && at.y >= 0 && at.x <= rect.width && at.y <= rect.height)) continue;
    ScreenLabel placed{
        .text = brief_enough(font, label, context.scale, rect.width),
        .pixel = glm::vec2{rect.x, rect.y} + glm::vec2(at) + label.pixel_offset * context.scale,
        .size = label.size * context.scale,
        .color = label.color,
        .align_x = label.align_x,
        .align_y = label.align_y,
        .weight = label.weight,
        .outline = kGlow * context.scale,
        .outline_color = glow_color(context.theme)};
    const glm::vec2 away = glm::vec2(project(matrix, label.world + 0.1f * label.away, size)) - glm::vec2(at);
    const float length = glm::length(away);
    if (placement.place(placed, length > 1e-3f ? away / length : glm::vec2{0}))
      out.push_back(std::move(placed));
  }
}

void append_headline(const PassContext& context, const Font& font, const Rect& rect, const StageTexts& texts,
                     std::vector<ScreenLabel>& out) {
  const Frame& frame = context.frame;
  const bool started = frame.facts.step > 0 || frame.facts.total_steps > 0;
  float y = rect.y;
  float room = rect.width;
  if (const char* state = state_name(frame.facts.state); state != nullptr && started) {
    const float size = kStateSize * context.scale;
    const std::string text = short_enough(font, state, size, kStateShare * rect.width);
    room -= text_width(font, FontWeight::kSemiBold, text, size) + size;
    out.push_back(
        {.text = text,
         .pixel = {rect.right(), y},
         .size = size,
         .color = frame.facts.state == RunState::kDiverged ? context.theme.warning : context.theme.accent,
         .align_x = AlignX::kRight,
         .align_y = AlignY::kTop,
         .weight = Weight::kBold});
  }
  if (!texts.title.empty()) {
    const float whole = kTitleSize * context.scale;
    const float share = room / std::max(text_width(font, FontWeight::kSemiBold, texts.title, whole), 1.0f);
    const float size = whole * std::clamp(share, kLeastTitle, 1.0f);
    out.push_back({.text = fit_text(font, FontWeight::kSemiBold, texts.title, size, room),
                   .pixel = {rect.x, y},
                   .size = size,
                   .color = context.theme.text,
                   .align_y = AlignY::kTop,
                   .weight = Weight::kBold});
    y += kTitleSize * 1.3f * context.scale;
    room = rect.width;
  }
  if (frame.facts.rate_map.side == 0 && frame.facts.sweep.columns == 0 && !started) return;
  std::vector<std::string> clauses{
      texts.network, fmt::format("{}step {}", texts.network.empty() ? "" : "   ", frame.facts.step)};
  if (frame.header.steps_per_epoch > 0)
    clauses.push_back(
        fmt::format("   epoch {:.1f}", static_cast<double>(frame.facts.step) / frame.header.steps_per_epoch));
  if (frame.facts.rate > 0)
    clauses.push_back("   rate " + format_rate(static_cast<double>(frame.facts.rate)));
  if (frame.header.path_count > 0 && frame.header.several_paths == 0)
    clauses.push_back("   loss " + format_value(frame.header.ball.real_loss));
  if (frame.facts.rate_map.side > 0) clauses = rates_clauses(frame.facts.rate_map);
  if (frame.facts.sweep.columns > 0) clauses = sweep_clauses(frame.facts.sweep);
  const float size = kTextSize * context.scale;
  out.push_back({.text = join_fitting(font, clauses, size, room),
                 .pixel = {rect.x, y},
                 .size = size,
                 .color = context.theme.text_muted,
                 .align_y = AlignY::kTop});
}

std::vector<std::string> surface_clauses(const FrameFacts& facts, bool log) {
  const std::uint32_t all = facts.grid_side * facts.grid_side;
  if (facts.grid_evaluated >= all) return {fmt::format("{0} × {0} points", facts.grid_side)};
  std::vector<std::string> clauses{fmt::format("{} of {} points", facts.grid_evaluated, all)};
  constexpr float kTelling = 0.5f;  // an error of half the height and more says nothing
  const float error = log ? facts.grid_log_error : facts.grid_error;
  // Rounded up: what is said must hold.
  if (error < kTelling)
    clauses.push_back(error < 0.1f ? fmt::format(", the rest within {:.1f} %",
                                                 std::max(0.1, std::ceil(1000.0 * error) / 10))
                                   : fmt::format(", the rest within {:.0f} %", std::ceil(100.0 * error)));
  return clauses;
}

void append_footnote(const PassContext& context, const Font& font, const Rect& rect,
                     std::vector<ScreenLabel>& out) {
  const Frame& frame = context.frame;
  if (frame.facts.grid_evaluated == 0) return;
  std::vector<std::string> clauses = surface_clauses(frame.facts, context.surface.log);
  if (frame.facts.probe_images > 0)
    clauses.push_back(fmt::format("   probe: {}{} images", frame.facts.probe_images,
                                  frame.facts.probe_of_test ? " test" : ""));
  if (frame.facts.probe_standard_error > 0)
    clauses.push_back(fmt::format(", ±{}", format_value(frame.facts.probe_standard_error, 2)));
  // A share of variance means little without what a random walk would show: both or none.
  if (frame.facts.directions == DirectionKind::kPca && frame.facts.race.lanes > 0 &&
      frame.facts.race.forks == 0)
    clauses.emplace_back("   plane: principal components of all paths");
  else if (std::ranges::any_of(frame.facts.race.lane,
                               [](const LaneFacts& lane) { return std::isfinite(lane.roughness); }))
    clauses.emplace_back("   plane: random, about the end");
  else if (frame.facts.directions == DirectionKind::kPca)
    clauses.push_back(
        fmt::format("   plane: {:.0f} + {:.0f} % of the variance (random walk {:.0f} + {:.0f} %)",
                    100 * frame.facts.explained1, 100 * frame.facts.explained2, 100 * frame.facts.null1,
                    100 * frame.facts.null2));
  const float size = kTextSize * context.scale;
  out.push_back({.text = join_fitting(font, clauses, size, rect.width),
                 .pixel = {rect.x, rect.bottom() - 12 * context.scale},
                 .size = size,
                 .color = context.theme.text_muted,
                 .align_y = AlignY::kBaseline});
}

std::optional<Panel> message_panel(const PassContext& context, const Font& font, const StageLayout& layout,
                                   const StageTexts& texts, std::vector<ScreenLabel>& out) {
  float size = std::round(kMessageSize * context.scale);
  const float padding = std::round(0.8f * size);
  const float most = kMessageShare * layout.landscape.width - 2 * padding;
  const auto wrapped = [&](std::size_t most_lines) {
    return wrap_text(font, FontWeight::kSemiBold, texts.message, size, most, most_lines);
  };
  std::vector<std::string> lines = wrapped(kMessageLines + 1);
  if (lines.empty()) return {};
  if (lines.size() > kMessageLines) {
    size = std::round(kLongMessageSize * context.scale);
    const float room = kMessageHeight * layout.landscape.height / std::round(1.35f * size);
    lines = wrapped(std::max(kMessageLines, static_cast<std::size_t>(std::max(room, 0.0f))));
  }
  const float pitch = std::round(1.35f * size);
  float widest = 0;
  for (const std::string& line : lines)
    widest = std::max(widest, text_width(font, FontWeight::kSemiBold, line, size));
  const float width = std::ceil(widest) + 2 * padding;
  const float height = pitch * static_cast<float>(lines.size()) + padding;
  const float centre = layout.landscape.x + layout.landscape.width / 2;
  const Rect rect = snapped({centre - width / 2, layout.footnote.y - height, width, height});
  for (std::size_t i = 0; i < lines.size(); ++i)
    out.push_back({.text = lines[i],
                   .pixel = {std::round(centre),
                             std::round(rect.y + padding / 2 + (static_cast<float>(i) + 0.5f) * pitch)},
                   .size = size,
                   .color = context.theme.text,
                   .align_x = AlignX::kCentre,
                   .align_y = AlignY::kMiddle,
                   .weight = Weight::kBold});
  return Panel{.rect = rect,
               .fill = {glm::vec3(context.theme.panel), 0.93f},
               .border_color = texts.message_is_error ? context.theme.warning : context.theme.axis,
               .radius = padding / 2,
               .border = std::max(1.0f, 2 * context.picture_scale)};
}

void remove_under(const Rect& rect, std::size_t count, std::vector<ScreenLabel>& labels) {
  const auto end = labels.begin() + static_cast<std::ptrdiff_t>(count);
  labels.erase(
      std::remove_if(labels.begin(), end,
                     [&](const ScreenLabel& label) {
                       return overlap(rect, {label.pixel.x, label.pixel.y - label.size, 1, 2 * label.size});
                     }),
      end);
}

}  // namespace fl
