#include "engine/view/axes.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/view/panel.h"
#include "engine/view/ticks.h"

namespace fl {
namespace {

constexpr float kFloor = -0.04f;    // just below the lowest loss
constexpr float kTickOut = 0.045f;  // world length of a tick mark
constexpr float kHeadroom = 0.03f;  // of the walls above the highest loss
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
  float value;
  float world;  // along the axis, [-1, 1] for a; z for b
};
std::vector<PlaneTick> plane_ticks(float low, float high, bool reversed, int* decimals = nullptr) {
  std::vector<PlaneTick> list;
  const Ticks ticks = nice_ticks(low, high, kPlaneTicks);
  if (decimals != nullptr) *decimals = ticks.decimals;
  for (int i = 0; i < ticks.count; ++i) {
    const auto value = static_cast<float>(ticks.value(i));
    const float t = 2 * (value - low) / (high - low) - 1;
    list.push_back({value, reversed ? -t : t});
  }
  return list;
}

std::string loss_text(const SurfaceScale& surface, float loss) {
  if (surface.log) return fmt::format("{:.3g}", loss);
  return format_tick(loss, nice_ticks(surface.low, surface.high, kLossTicks).decimals);
}

std::string direction_title(const FrameHeader& header, bool first) {
  const int number = first ? 1 : 2;
  switch (static_cast<DirectionKind>(header.directions)) {
    case DirectionKind::kPca:
      return fmt::format("principal component {}", number);
    case DirectionKind::kRandom:
      return fmt::format("random direction {}", number);
    case DirectionKind::kNone:
      break;
  }
  return first ? "a" : "b";
}

void add_floor(std::vector<Line>& lines, const PassContext& context) {
  const glm::vec4 edge = context.theme.axis;
  const glm::vec4 thin = context.theme.grid;
  const float width = 1.2f * context.scale;
  const glm::vec3 corners[4] = {{-1, kFloor, -1}, {1, kFloor, -1}, {1, kFloor, 1}, {-1, kFloor, 1}};
  for (int i = 0; i < 4; ++i) lines.emplace_back(corners[i], corners[(i + 1) % 4], width, edge);
  const FrameHeader& header = context.header;
  const Far far = far_sides(context.eye);
  for (const PlaneTick& tick : plane_ticks(header.a_min, header.a_max, false)) {
    const float x = tick.world;
    lines.emplace_back(glm::vec3{x, kFloor, -1}, glm::vec3{x, kFloor, 1}, width, thin);
    lines.emplace_back(glm::vec3{x, kFloor, -far.z}, glm::vec3{x, kFloor, -far.z * (1 + kTickOut)}, width,
                       edge);
  }
  for (const PlaneTick& tick : plane_ticks(header.b_min, header.b_max, true)) {
    const float z = tick.world;
    lines.emplace_back(glm::vec3{-1, kFloor, z}, glm::vec3{1, kFloor, z}, width, thin);
    lines.emplace_back(glm::vec3{-far.x, kFloor, z}, glm::vec3{-far.x * (1 + kTickOut), kFloor, z}, width,
                       edge);
  }
}

void add_walls(std::vector<Line>& lines, const PassContext& context) {
  const Far far = far_sides(context.eye);
  const float width = 1.2f * context.scale;
  const float top = context.surface.height + kHeadroom;
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

// From the ball at its real loss to the slice loss under it: the distance by which the slice lies.
void add_stem(std::vector<Line>& lines, const PassContext& context) {
  const FrameHeader& header = context.header;
  if (header.path_count == 0 || !std::isfinite(header.ball.real_loss) ||
      !std::isfinite(header.ball.slice_loss))
    return;
  const float x = 2 * (header.ball.a - header.a_min) / (header.a_max - header.a_min) - 1;
  const float z = 1 - 2 * (header.ball.b - header.b_min) / (header.b_max - header.b_min);
  const glm::vec3 ball{x, context.surface.world_y(header.ball.real_loss), z};
  const glm::vec3 foot{x, context.surface.world_y(header.ball.slice_loss), z};
  // Pale on dark: it stands before yellow hills and blue valleys alike.
  lines.emplace_back(ball, foot, 4.4f * context.scale, glm::vec4(glm::vec3(context.theme.contour), 0.7f));
  lines.emplace_back(ball, foot, 2.0f * context.scale, context.theme.ball);
}

}  // namespace

std::vector<float> loss_ticks(const SurfaceScale& surface) {
  std::vector<float> values;
  if (!surface.log) {
    const Ticks ticks = nice_ticks(surface.low, surface.high, kLossTicks);
    for (int i = 0; i < ticks.count; ++i) values.push_back(static_cast<float>(ticks.value(i)));
    return values;
  }
  const int first = static_cast<int>(std::floor(surface.low));
  const int last = static_cast<int>(std::floor(surface.high));
  // Over many decades the decades alone are enough.
  const bool all = last - first < 3;
  for (int decade = first; decade <= last; ++decade)
    for (const float digit : {1.0f, 2.0f, 5.0f}) {
      if (digit > 1 && !all) continue;
      const float coordinate = static_cast<float>(decade) + std::log10(digit);
      if (coordinate >= surface.low - 1e-4f && coordinate <= surface.high + 1e-4f)
        values.push_back(std::pow(10.0f, coordinate));
    }
  return values;
}

std::vector<Line> axis_lines(const PassContext& context) {
  std::vector<Line> lines;
  if (context.header.grid_side < 2) return lines;
  add_floor(lines, context);
  add_walls(lines, context);
  add_stem(lines, context);
  return lines;
}

std::vector<Label> axis_labels(const FrameHeader& header, const SurfaceScale& surface, const Theme& theme,
                               glm::vec3 eye) {
  std::vector<Label> labels;
  if (header.grid_side < 2) return labels;
  const Far far = far_sides(eye);
  const auto add = [&](std::string text, glm::vec3 at, glm::vec2 offset, bool title) {
    labels.push_back({.text = std::move(text),
                      .world = at,
                      .pixel_offset = offset,
                      .size = title ? 15.0f : 14.0f,
                      .color = title ? theme.text : theme.text_muted,
                      .weight = title ? Weight::kMedium : Weight::kRegular});
  };
  const float beside = 1 + 2.6f * kTickOut;
  const float title_beside = 1 + 7.0f * kTickOut;
  // A title runs away from its axis, or it would lie across the next tick values.
  const glm::vec3 right = glm::cross(glm::vec3{0, 1, 0}, glm::vec3{eye.x, 0, eye.z});
  const auto add_direction = [&](bool first, glm::vec3 outward) {
    add(direction_title(header, first), outward * title_beside + glm::vec3{0, kFloor, 0}, {0, 4}, true);
    labels.back().align_x = glm::dot(outward, right) < 0 ? AlignX::kRight : AlignX::kLeft;
  };
  int decimals = 0;
  for (const PlaneTick& tick : plane_ticks(header.a_min, header.a_max, false, &decimals))
    add(format_tick(tick.value, decimals), {tick.world, kFloor, -far.z * beside}, {0, 0}, false);
  add_direction(true, {0, 0, -far.z});
  for (const PlaneTick& tick : plane_ticks(header.b_min, header.b_max, true, &decimals))
    add(format_tick(tick.value, decimals), {-far.x * beside, kFloor, tick.world}, {0, 0}, false);
  add_direction(false, {-far.x, 0, 0});

  // On the far upright that stands at the picture's left, so that values are right-aligned beside it.
  const bool x_wall_left = far.x * eye.z - (-far.z) * eye.x < 0;
  const glm::vec3 foot = x_wall_left ? glm::vec3{far.x, 0, -far.z} : glm::vec3{-far.x, 0, far.z};
  for (const float loss : loss_ticks(surface)) {
    add(loss_text(surface, loss), {foot.x, surface.world_y(loss), foot.z}, {-9, 0}, false);
    labels.back().align_x = AlignX::kRight;
  }
  add(surface.log ? "loss (logarithmic)" : "loss", {foot.x, surface.height + kHeadroom, foot.z}, {-24, -16},
      true);
  labels.back().align_x = AlignX::kLeft;  // so that a long title stays on the picture
  return labels;
}

}  // namespace fl
