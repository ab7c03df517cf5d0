#include "engine/landscape/phase_marks.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "shaders/shaders.h"
#include "shaders/shared/phase_marks.h"

#include "engine/pass/pass_pipeline.h"

namespace fl {
namespace {

// Pixels at scale 1.
constexpr float kArrow = 3.6f, kHead = 11, kEdge = 2;
constexpr float kWordSize = 17, kWordAway = 16;
constexpr float kBallRadius = 0.044f * 0.72f;  // of one of several balls: path.cpp

bool has_marks(const PassContext& context) {
  return context.frame.facts.phase.marks > 0 && context.frame.facts.grid_side >= 2 &&
         context.slot_set != VK_NULL_HANDLE;
}

// shaders/phase_marks.vert; nothing where a number is none.
std::optional<glm::vec3> world_of(const PassContext& context, float a, float b, float loss) {
  const FrameHeader& header = context.frame.header;
  const glm::vec3 world{2 * (a - header.a_min) / (header.a_max - header.a_min) - 1,
                        context.surface.stage_y(loss) + kBallRadius,
                        1 - 2 * (b - header.b_min) / (header.b_max - header.b_min)};
  if (!std::isfinite(world.x) || !std::isfinite(world.y) || !std::isfinite(world.z)) return {};
  return world;
}

const char* word_of(std::uint32_t role) {
  switch (role) {
    case kRoleGradient:
      return "gradient";
    case kRoleMomentum:
      return "momentum";
    case kRoleSquares:
      return "squares";
    case kRoleDecay:
      return "decay";
    default:
      return "step";
  }
}

// At the middle of an arrow, on its upper side.
void put_beside(const PassContext& context, glm::vec3 from, glm::vec3 to, Label& label) {
  const glm::mat4 matrix = context.projection * context.view;
  const glm::vec4 a = matrix * glm::vec4(from, 1), b = matrix * glm::vec4(to, 1);
  if (!(a.w > 0) || !(b.w > 0)) return;
  const glm::vec2 along =
      (glm::vec2(b) / b.w - glm::vec2(a) / a.w) * glm::vec2(context.viewport.width, context.viewport.height);
  const float length = std::hypot(along.x, along.y);
  if (!(length > 1)) return;
  glm::vec2 across{-along.y / length, along.x / length};
  if (across.y > 0) across = -across;
  label.pixel_offset = kWordAway * across;
  constexpr float kLevel = 0.3f;  // an arrow so level has its word above the middle
  if (std::abs(across.x) > kLevel) label.align_x = across.x < 0 ? AlignX::kRight : AlignX::kLeft;
}

}  // namespace

PhaseMarksPass::PhaseMarksPass(const PassSetup& setup)
    : pipeline_(setup.device, pass_info(setup, {.vertex = shader::phase_marks_vert,
                                                .fragment = shader::phase_marks_frag,
                                                .push_bytes = sizeof(shared::PhasePush),
                                                .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
                                                .blend = Blend::kAlpha,
                                                .depth = Depth::kNone})) {}

void PhaseMarksPass::draw(const PassContext& context) const {
  if (!has_marks(context)) return;
  bind_pass(context, pipeline_);
  pipeline_.push(context.cmd, shared::PhasePush{.arrow = kArrow * context.scale,
                                                .head = kHead * context.scale,
                                                .edge = kEdge * context.scale,
                                                .lift = kBallRadius,
                                                .ghost = kBallRadius});
  vkCmdDraw(context.cmd, 4, context.frame.facts.phase.marks, 0, 0);
}

void PhaseMarksPass::add_to(ScreenBounds& bounds) {
  const PassContext& context = bounds.context();
  if (!has_marks(context)) return;
  const std::span<const PhaseMark> marks = context.contents.phase_marks;
  if (marks.size() < context.frame.facts.phase.marks) return bounds.add_all();
  // Of a square on the picture all four corners; a ball may be near the eye.
  const float reach = (kHead + kEdge) * context.scale + 4;
  for (const PhaseMark& mark : marks.first(context.frame.facts.phase.marks)) {
    bool all = true;
    const auto add = [&](float a, float b) {
      const auto world = world_of(context, a, b, mark.loss);
      all &= world && bounds.add(*world, reach);
      if (all && mark.kind == kMarkGhost)
        bounds.add_box(*world - 1.5f * kBallRadius, *world + 1.5f * kBallRadius);
    };
    add(mark.to_a, mark.to_b);
    if (mark.kind != kMarkGhost) add(mark.from_a, mark.from_b);
    if (mark.kind == kMarkSquare) {
      add(mark.to_a, mark.from_b);
      add(mark.from_a, mark.to_b);
    }
    if (!all) return bounds.add_all();
  }
}

std::vector<Label> phase_labels(const PassContext& context) {
  std::vector<Label> labels;
  const PhaseFacts& phase = context.frame.facts.phase;
  if (!has_marks(context) || phase.path < 0) return labels;  // of all balls at once the sentence says it
  const Theme& theme = context.theme;
  const glm::vec4 colors[] = {theme.text, theme.train, theme.paths[6], theme.warning, theme.text};
  std::array<bool, kRoleOfPath + 1> said{};
  const std::span<const PhaseMark> all = context.contents.phase_marks;
  const auto marks = all.first(std::min<std::size_t>(all.size(), phase.marks));
  const bool lands = std::ranges::count(marks, kMarkGhost, &PhaseMark::kind) > 0;
  for (const PhaseMark& mark : marks) {
    const std::uint32_t role = std::min(mark.role, kRoleOfPath);
    const bool ghost = mark.kind == kMarkGhost;
    if (mark.before != 0 || said[role] || (lands && !ghost)) continue;
    const auto to = world_of(context, mark.to_a, mark.to_b, mark.loss);
    const auto from = ghost ? to : world_of(context, mark.from_a, mark.from_b, mark.loss);
    if (!to || !from || (!ghost && *to == *from)) continue;
    said[role] = true;
    Label label{.text = ghost ? "next" : word_of(role),
                .world = 0.5f * (*from + *to),
                .pixel_offset = {0, ghost ? -1.4f * kWordAway : 0},
                .size = kWordSize,
                .color = colors[role],
                .weight = Weight::kBold,
                .away = {0, 1, 0}};
    if (mark.kind == kMarkArrow) put_beside(context, *from, *to, label);
    labels.push_back(std::move(label));
  }
  return labels;
}

}  // namespace fl
