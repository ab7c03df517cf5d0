#include "engine/landscape/axes.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "engine/pass/lane_look.h"
#include "engine/pass/panel.h"
#include "engine/pass/ticks.h"

namespace fl {
namespace {

constexpr float kFloor = SurfaceScale::kFloor;
constexpr float kTickOut = 0.045f;       // world length of a tick mark
constexpr float kBallTop = 0.10f;        // of the ball over its point
constexpr float kFarthest = 100;         // shaders/surface.glsl
constexpr float kContactShadow = 0.62f;  // of the light, where a ball touches
constexpr int kPlaneTicks = 5;
constexpr int kLossTicks = 6;

// The far side on x and on z, as seen from `eye`.
struct Far {
  float x, z;
};
Far far_sides(glm::vec3 eye) {
  return {eye.x > 0 ? -1.0f : 1.0f, eye.z > 0 ? -1.0f : 1.0f};
}

struct PlaneTick {
  std::string text;
  float world;  // along the axis, [-1, 1] for a; z for b
};
std::vector<PlaneTick> plane_ticks(float low, float high, bool reversed) {
  std::vector<PlaneTick> list;
  const Ticks ticks = nice_ticks(low, high, kPlaneTicks);
  for (int i = 0; i < ticks.count; ++i) {
    const auto value = static_cast<float>(ticks.value(i));
    const float t = 2 * (value - low) / (high - low) - 1;
    list.push_back({format_tick(ticks, i), reversed ? -t : t});
  }
  return list;
}

struct LossTick {
  float loss;
  std::string text;
};

std::vector<LossTick> linear_loss_ticks(const SurfaceScale& surface) {
  std::vector<LossTick> list;
  const Ticks ticks = nice_ticks(surface.low, surface.high, kLossTicks);
  for (int i = 0; i < ticks.count; ++i)
    list.push_back({static_cast<float>(ticks.value(i)), format_tick(ticks, i)});
  return list;
}

std::vector<LossTick> log_loss_ticks(const SurfaceScale& surface) {
  std::vector<LossTick> list;
  const auto add = [&](double loss) { list.push_back({static_cast<float>(loss), format_round(loss)}); };
  if (surface.high - surface.low >= 3) {
    // Over many decades a handful of these is enough.
    const Ticks decades = nice_ticks(surface.low, surface.high, kLossTicks, true);
    for (int i = 0; i < decades.count; ++i) add(std::pow(10.0, decades.value(i)));
    return list;
  }
  for (int decade = static_cast<int>(std::floor(surface.low)); decade <= surface.high; ++decade)
    for (const double digit : {1.0, 2.0, 5.0}) {
      const double coordinate = decade + std::log10(digit);
      if (coordinate >= surface.low - 1e-4 && coordinate <= surface.high + 1e-4)
        add(digit * std::pow(10.0, decade));
    }
  return list;
}

std::vector<LossTick> labelled_loss_ticks(const SurfaceScale& surface) {
  return surface.log ? log_loss_ticks(surface) : linear_loss_ticks(surface);
}

// Where a ball stands on the plane; nothing where its numbers give it no place.
std::optional<glm::vec2> place_of(const Frame& frame, const PathPoint& ball) {
  const float x = 2 * (ball.a - frame.header.a_min) / (frame.header.a_max - frame.header.a_min) - 1;
  const float z = 1 - 2 * (ball.b - frame.header.b_min) / (frame.header.b_max - frame.header.b_min);
  if (frame.header.path_count == 0 || !std::isfinite(ball.real_loss)) return {};
  // NaN fails both.
  if (!(std::abs(x) < kFarthest) || !(std::abs(z) < kFarthest)) return {};
  return glm::vec2{x, z};
}

struct DirectionTitle {
  std::string whole, brief;
};
DirectionTitle direction_title(const Frame& frame, bool first) {
  const int number = first ? 1 : 2;
  switch (frame.facts.directions) {
    case DirectionKind::kPca:
      return {fmt::format("principal component {}", number), fmt::format("component {}", number)};
    case DirectionKind::kRandom:
      return {fmt::format("random direction {}", number), fmt::format("direction {}", number)};
    case DirectionKind::kThreePoints:
      if (frame.facts.fate.count > 0)
        return first ? DirectionTitle{"from one end to the other", "from end to end"}
                     : DirectionTitle{"towards the fork", "to the fork"};
      return first ? DirectionTitle{"from the first to the third point", "along the points"}
                   : DirectionTitle{"towards the second point", "across them"};
    case DirectionKind::kOsculating:
      return first ? DirectionTitle{"along the last two steps", "along the steps"}
                   : DirectionTitle{"across the last two steps", "across them"};
    case DirectionKind::kCurvature:
      return first ? DirectionTitle{"largest curvature: " + format_value(frame.facts.curvature1, 3),
                                    "largest curvature"}
                   : DirectionTitle{"smallest curvature: " + format_value(frame.facts.curvature2, 3),
                                    "smallest curvature"};
    case DirectionKind::kParameters:
      return {fmt::format("parameter {}", number), {}};
    case DirectionKind::kNone:
      break;
  }
  return {first ? "a" : "b", {}};
}

void add_floor(std::vector<Line>& lines, const PassContext& context) {
  const glm::vec4 edge = context.theme.axis;
  const glm::vec4 thin = context.theme.grid;
  const float width = 1.2f * context.scale;
  const glm::vec3 corners[4] = {{-1, kFloor, -1}, {1, kFloor, -1}, {1, kFloor, 1}, {-1, kFloor, 1}};
  for (int i = 0; i < 4; ++i) lines.emplace_back(corners[i], corners[(i + 1) % 4], width, edge);
  const Frame& frame = context.frame;
  const Far far = far_sides(context.eye);
  for (const PlaneTick& tick : plane_ticks(frame.header.a_min, frame.header.a_max, false)) {
    const float x = tick.world;
    lines.emplace_back(glm::vec3{x, kFloor, -1}, glm::vec3{x, kFloor, 1}, width, thin);
    lines.emplace_back(glm::vec3{x, kFloor, -far.z}, glm::vec3{x, kFloor, -far.z * (1 + kTickOut)}, width,
                       edge);
  }
  for (const PlaneTick& tick : plane_ticks(frame.header.b_min, frame.header.b_max, true)) {
    const float z = tick.world;
    lines.emplace_back(glm::vec3{-1, kFloor, z}, glm::vec3{1, kFloor, z}, width, thin);
    lines.emplace_back(glm::vec3{-far.x, kFloor, z}, glm::vec3{-far.x * (1 + kTickOut), kFloor, z}, width,
                       edge);
  }
}

void add_walls(std::vector<Line>& lines, const PassContext& context) {
  const Far far = far_sides(context.eye);
  const float width = 1.2f * context.scale;
  const float top = context.surface.ceiling();
  const auto upright = [&](float x, float z, float share) {
    lines.emplace_back(glm::vec3{x, kFloor, z}, glm::vec3{x, top, z}, width,
                       faded(context.theme.axis, share));
  };
  upright(far.x, far.z, 0.5f);
  upright(far.x, -far.z, 1);
  upright(-far.x, far.z, 1);
  for (const float loss : loss_ticks(context.surface)) {
    const float y = context.surface.world_y(loss);
    lines.emplace_back(glm::vec3{far.x, y, -far.z}, glm::vec3{far.x, y, far.z}, width, context.theme.grid);
    lines.emplace_back(glm::vec3{far.x, y, far.z}, glm::vec3{-far.x, y, far.z}, width, context.theme.grid);
  }
}

}  // namespace

std::vector<float> loss_ticks(const SurfaceScale& surface) {
  std::vector<float> values;
  for (const LossTick& tick : labelled_loss_ticks(surface)) values.push_back(tick.loss);
  return values;
}

std::vector<Line> axis_lines(const PassContext& context) {
  std::vector<Line> lines;
  if (context.frame.facts.grid_side < 2) return lines;
  add_floor(lines, context);
  add_walls(lines, context);
  return lines;
}

std::vector<Line> stem_lines(const PassContext& context) {
  const FrameHeader& header = context.frame.header;
  if (context.frame.facts.grid_side < 2) return {};
  std::vector<Line> lines;
  const auto add = [&](const PathPoint& point, const glm::vec4& color) {
    const std::optional<glm::vec2> place = place_of(context.frame, point);
    if (!place || !std::isfinite(point.slice_loss)) return;
    const glm::vec3 ball{place->x, context.surface.stage_y(point.real_loss), place->y};
    const glm::vec3 foot{place->x, context.surface.stage_y(point.slice_loss), place->y};
    // Pale on dark: it stands before yellow hills and blue valleys alike.
    lines.emplace_back(ball, foot, 4.4f * context.scale, glm::vec4(glm::vec3(context.theme.contour), 0.7f));
    lines.emplace_back(ball, foot, 2.0f * context.scale, color);
  };
  if (header.several_paths == 0) add(header.ball, context.theme.ball);
  // Descents of two parameters stand on the surface.
  for (std::uint32_t i = 0; i < std::min(context.frame.facts.race.lanes, kFrameMaxPaths); ++i)
    if (!lane_hidden(context, i)) add(header.paths[i].ball, lane_color(context.theme, header.paths[i].color));
  return lines;
}

std::uint32_t contact_shadows(const PassContext& context, std::span<glm::vec4> out) {
  const Frame& frame = context.frame;
  const std::uint32_t several = std::min(frame.header.several_paths, kFrameMaxPaths);
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < std::max(several, 1u) && count < out.size(); ++i) {
    const PathPoint& ball = several > 0 ? frame.header.paths[i].ball : frame.header.ball;
    if (lane_hidden(context, i)) continue;
    if (several > 0 && frame.facts.phase.path >= 0 && static_cast<std::uint32_t>(frame.facts.phase.path) != i)
      continue;
    if (const auto place = place_of(frame, ball))
      out[count++] = {place->x, place->y, context.surface.stage_y(ball.real_loss), kContactShadow};
  }
  return count;
}

std::vector<Label> axis_labels(const Frame& frame, const SurfaceScale& surface, const Theme& theme,
                               glm::vec3 eye) {
  std::vector<Label> labels;
  if (frame.facts.grid_side < 2) return labels;
  const Far far = far_sides(eye);
  const auto add = [&](std::string text, glm::vec3 at, glm::vec2 offset, bool title) {
    labels.push_back({.text = std::move(text),
                      .world = at,
                      .pixel_offset = offset,
                      .size = title ? 16.0f : 15.0f,
                      .color = title ? theme.text : theme.text_muted,
                      .weight = title ? Weight::kMedium : Weight::kRegular});
  };
  const float beside = 1 + 2.6f * kTickOut;
  const float title_beside = 1 + 7.0f * kTickOut;
  // On the far upright that stands at the picture's left, so that values are right-aligned beside it.
  const bool x_wall_left = far.x * eye.z - (-far.z) * eye.x < 0;
  const glm::vec3 foot = x_wall_left ? glm::vec3{far.x, 0, -far.z} : glm::vec3{-far.x, 0, far.z};
  for (const LossTick& tick : labelled_loss_ticks(surface)) {
    add(tick.text, {foot.x, surface.world_y(tick.loss), foot.z}, {-9, 0}, false);
    labels.back().align_x = AlignX::kRight;
  }
  for (const PlaneTick& tick : plane_ticks(frame.header.a_min, frame.header.a_max, false))
    add(tick.text, {tick.world, kFloor, -far.z * beside}, {0, 0}, false);
  for (const PlaneTick& tick : plane_ticks(frame.header.b_min, frame.header.b_max, true))
    add(tick.text, {-far.x * beside, kFloor, tick.world}, {0, 0}, false);

  // Titles after the values, of which they keep clear.
  add(surface.log ? "loss (log)" : "loss", {foot.x, surface.ceiling(), foot.z}, {-24, -16}, true);
  labels.back().align_x = AlignX::kLeft;  // so that a long title stays on the picture
  labels.back().away = {0, 1, 0};
  // A title runs away from its axis, or it would lie across the next tick values.
  const glm::vec3 right = glm::cross(glm::vec3{0, 1, 0}, glm::vec3{eye.x, 0, eye.z});
  const auto add_direction = [&](bool first, glm::vec3 outward) {
    const DirectionTitle title = direction_title(frame, first);
    add(title.whole, outward * title_beside + glm::vec3{0, kFloor, 0}, {0, 4}, true);
    labels.back().short_text = title.brief;
    labels.back().align_x = glm::dot(outward, right) < 0 ? AlignX::kRight : AlignX::kLeft;
    labels.back().away = outward;
  };
  add_direction(true, {0, 0, -far.z});
  add_direction(false, {-far.x, 0, 0});

  // A ball at the ceiling stands higher than it is drawn: an arrow and the loss itself say so.
  const std::optional<glm::vec2> place = place_of(frame, frame.header.ball);
  if (place && frame.header.several_paths == 0 &&
      surface.world_y(frame.header.ball.real_loss) > surface.ceiling()) {
    add("\u2191 " + format_value(frame.header.ball.real_loss),
        {place->x, surface.ceiling() + kBallTop, place->y}, {0, -14}, true);
    labels.back().away = {0, 1, 0};
  }
  return labels;
}

}  // namespace fl
