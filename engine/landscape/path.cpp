#include "engine/landscape/path.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <optional>

#include "shaders/shaders.h"
#include "shaders/shared/path.h"

#include "engine/pass/lane_look.h"
#include "engine/pass/pass_pipeline.h"
#include "engine/vk/barrier.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr float kPathRadius = 2.2f;    // pixels at scale 1
constexpr float kHaloWidth = 1.1f;     // pixels at scale 1
constexpr float kPatternUnit = 1.6f;   // pixels at scale 1: the path is wider than a curve
constexpr float kBallRadius = 0.044f;  // world
constexpr float kStartRadius = 0.020f;
constexpr float kOneOfSeveral = 0.72f;  // of the size of a ball that is alone
constexpr float kCross = 1.7f;          // of such a ball, where a run's path has ended
constexpr float kHiddenBall = 0.5f;     // of full strength

constexpr std::uint32_t kLeastRoom = 4096;
constexpr std::uint32_t kMostPoints = 1u << 26;  // a header that says more is broken
constexpr std::uint32_t kGroup = 64;             // shaders/path_points.comp

bool has_path(const PassContext& context) {
  return context.frame.header.path_count > 0 && context.frame.facts.grid_side >= 2 &&
         context.slot_set != VK_NULL_HANDLE;
}

// shaders/surface.glsl, path_point_world(); nothing where a number is none.
std::optional<glm::vec3> world_of(const PassContext& context, const PathPoint& point) {
  const FrameHeader& header = context.frame.header;
  const glm::vec3 world{2 * (point.a - header.a_min) / (header.a_max - header.a_min) - 1,
                        context.surface.stage_y(point.real_loss),
                        1 - 2 * (point.b - header.b_min) / (header.b_max - header.b_min)};
  if (!std::isfinite(world.x) || !std::isfinite(world.y) || !std::isfinite(world.z)) return {};
  return world;
}

void add_ball(ScreenBounds& bounds, const PathPoint& point, float radius) {
  // A square that faces the camera, with room for the outline of what is near: shaders/ball.vert.
  constexpr float kHalfDiagonal = 1.2f * 1.42f;
  const auto foot = world_of(bounds.context(), point);
  if (!foot) return;
  const glm::vec3 centre = *foot + glm::vec3(0, radius, 0), reach(kHalfDiagonal * radius);
  bounds.add_box(centre - reach, centre + reach);
}

// While the next step of one is told in phases, the others are not there: nothing lies over what is
// explained.
bool is_shown(const PassContext& context, std::uint32_t path) {
  const Frame& frame = context.frame;
  if (lane_hidden(context, path)) return false;
  return frame.facts.phase.path < 0 || static_cast<std::uint32_t>(frame.facts.phase.path) == path;
}

// Calls `draw` with each descent that has a line.
template <typename Draw>
void for_each_path(const PassContext& context, bool blended, Draw draw) {
  const Frame& frame = context.frame;
  const auto one = [&](std::uint32_t first, std::uint32_t count, std::uint32_t color) {
    if (count < 2) return;
    draw(shared::PathPush{.first = first,
                          .count = count,
                          .radius = kPathRadius * context.scale,
                          .several = frame.header.several_paths > 0 ? 1u : 0u,
                          .color = color % kFrameMaxPaths,
                          .blended = blended ? 1u : 0u,
                          .pattern = frame.facts.race.lanes > 0 ? lane_pattern(color) : shared::kSolid,
                          .unit = kPatternUnit * context.scale});
  };
  if (frame.header.several_paths == 0) return one(0, frame.header.path_count, 0);
  for (std::uint32_t i = 0; i < std::min(frame.header.several_paths, kFrameMaxPaths); ++i)
    if (is_shown(context, i))
      one(frame.header.paths[i].first, frame.header.paths[i].count, frame.header.paths[i].color);
}

GraphicsPipeline path_pipeline(const PassSetup& setup, VkDescriptorSetLayout placed, Depth depth) {
  return {setup.device,
          pass_info(setup, {.vertex = shader::path_vert,
                            .fragment = shader::path_frag,
                            .sets = {placed},
                            .push_bytes = sizeof(shared::PathPush),
                            .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
                            .blend = setup.samples == VK_SAMPLE_COUNT_1_BIT ? Blend::kAlpha
                                                                            : Blend::kAlphaToCoverage,
                            .depth = depth})};
}

GraphicsPipeline ball_pipeline(const PassSetup& setup, Depth depth) {
  return {setup.device, pass_info(setup, {.vertex = shader::ball_vert,
                                          .fragment = shader::ball_frag,
                                          .push_bytes = sizeof(shared::BallPush),
                                          .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
                                          .blend = Blend::kAlphaToCoverage,
                                          .depth = depth})};
}

}  // namespace

PathPass::PathPass(const PassSetup& setup)
    : device_(setup.device),
      layout_(make_set_layout(setup.device, {{0}})),
      pool_(setup.device, 1),
      set_(pool_.allocate(layout_.get())),
      place_(setup.device, shader::path_points_comp, {setup.slot_layout, setup.view_layout, layout_.get()},
             sizeof(shared::PathPush)),
      blended_(setup.samples == VK_SAMPLE_COUNT_1_BIT),
      hidden_(path_pipeline(setup, layout_.get(), Depth::kBehind)),
      halo_(path_pipeline(setup, layout_.get(), Depth::kTest)),
      core_(path_pipeline(setup, layout_.get(), Depth::kTestWrite)),
      hidden_ball_(ball_pipeline(setup, Depth::kBehind)),
      ball_(ball_pipeline(setup, Depth::kTestWrite)) {}

void PathPass::ensure_room(std::uint32_t points) {
  if (points <= room_) return;
  device_.wait_idle();  // earlier frames may still read the smaller one
  room_ = std::max(kLeastRoom, std::bit_ceil(points));
  placed_ = Buffer(device_, room_ * sizeof(shared::PlacedPoint), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
                   BufferMemory::kDevice);
  write_buffer(device_, set_, 0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, placed_.handle());
}

void PathPass::prepare(const PassContext& context) {
  if (!has_path(context)) return;
  std::uint64_t end = 0;
  for_each_path(context, blended_, [&](const shared::PathPush& path) {
    end = std::max(end, std::uint64_t{path.first} + path.count);
  });
  FL_CHECK(end <= kMostPoints);
  ensure_room(static_cast<std::uint32_t>(end));
  memory_barrier(context.cmd, kVertexRead, kComputeWrite);  // of the frame before
  bind_pass(context, place_);
  place_.bind_set(context.cmd, 2, set_);
  for_each_path(context, blended_, [&](const shared::PathPush& path) {
    place_.push(context.cmd, path);
    vkCmdDispatch(context.cmd, (path.count + kGroup - 1) / kGroup, 1, 1);
  });
  memory_barrier(context.cmd, kComputeWrite, kVertexRead);
}

void PathPass::draw_paths(const PassContext& context, const GraphicsPipeline& pipeline, float halo,
                          bool hidden) const {
  bind_pass(context, pipeline);
  pipeline.bind_set(context.cmd, 2, set_);
  for_each_path(context, blended_, [&](shared::PathPush path) {
    path.halo = halo * context.scale;
    path.hidden = hidden ? 1.0f : 0.0f;
    pipeline.push(context.cmd, path);
    vkCmdDraw(context.cmd, 4, path.count - 1, 0, 0);
  });
}

void PathPass::draw_balls(const PassContext& context, const GraphicsPipeline& pipeline, float shown) const {
  bind_pass(context, pipeline);
  const std::uint32_t several = std::min(context.frame.header.several_paths, kFrameMaxPaths);
  const float size = several > 0 ? kOneOfSeveral : 1;
  const bool race = context.frame.facts.race.lanes > 0;
  for (std::uint32_t i = 0; i < std::max(several, 1u); ++i) {
    const float end = race && context.frame.header.paths[i].diverged != 0 ? kCross : 1;
    pipeline.push(context.cmd, shared::BallPush{.ball_radius = kBallRadius * size * end,
                                                .start_radius = kStartRadius,
                                                .shown = shown,
                                                .several = race          ? 2u
                                                           : several > 0 ? 1u
                                                                         : 0u,
                                                .number = i,
                                                .path_radius = kPathRadius * context.scale});
    // Descents all start at one place.
    const bool ball = is_shown(context, i), start = race ? ball : i == 0;
    if (ball || start) vkCmdDraw(context.cmd, 4, (ball ? 1 : 0) + (start ? 1 : 0), 0, ball ? 0 : 1);
  }
}

void PathPass::add_to(ScreenBounds& bounds) {
  const PassContext& context = bounds.context();
  if (!has_path(context)) return;
  const FrameHeader& header = context.frame.header;
  const std::span<const PathPoint> points = context.contents.path;
  const float reach = (kPathRadius + kHaloWidth) * context.scale + 1;
  bool all_known = !points.empty();
  for_each_path(context, true, [&](const shared::PathPush& path) {
    all_known &= points.size() >= std::uint64_t{path.first} + path.count;
    if (!all_known) return;
    // What has no place, or one behind the eye, is not drawn, nor are the lines from it.
    for (const PathPoint& point : points.subspan(path.first, path.count))
      if (const auto world = world_of(context, point)) bounds.add(*world, reach);
  });
  if (!all_known) return bounds.add_all();
  add_ball(bounds, points.front(), kStartRadius);
  const std::uint32_t several = std::min(header.several_paths, kFrameMaxPaths);
  if (several == 0) return add_ball(bounds, header.ball, kBallRadius);
  for (std::uint32_t i = 0; i < several; ++i) {
    add_ball(bounds, header.paths[i].ball, kCross * kOneOfSeveral * kBallRadius);
    if (context.frame.facts.race.lanes > 0) add_ball(bounds, points[header.paths[i].first], kStartRadius);
  }
}

void PathPass::draw(const PassContext& context) {
  if (!has_path(context)) return;
  // The hidden parts first: they are what the surface hides, not what the path hides of itself.
  draw_balls(context, hidden_ball_, kHiddenBall);
  draw_paths(context, hidden_, 0, true);
  draw_paths(context, halo_, kHaloWidth, false);
  draw_paths(context, core_, 0, false);
  draw_balls(context, ball_, 1);
}

}  // namespace fl
