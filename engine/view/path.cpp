#include "engine/view/path.h"

#include <algorithm>

#include "shaders/shaders.h"

namespace fl {
namespace {

// shaders/path.glsl and ball.glsl mirror these.
struct PathPush {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  float radius = 0;
  float halo = 0;
  float hidden = 0;
  std::uint32_t several = 0;
  std::uint32_t color = 0;
  std::uint32_t blended = 0;
};
struct BallPush {
  float ball_radius = 0, start_radius = 0;
  float shown = 1;
  std::uint32_t several = 0;
  std::uint32_t number = 0;
  float path_radius = 0;
};

constexpr float kPathRadius = 2.2f;    // pixels at scale 1
constexpr float kHaloWidth = 1.1f;     // pixels at scale 1
constexpr float kBallRadius = 0.044f;  // world
constexpr float kStartRadius = 0.020f;
constexpr float kOneOfSeveral = 0.72f;  // of the size of a ball that is alone
constexpr float kHiddenBall = 0.5f;     // of full strength

GraphicsPipeline path_pipeline(const PassSetup& setup, Depth depth) {
  return {setup.device,
          {.vertex = shader::path_vert,
           .fragment = shader::path_frag,
           .sets = {setup.slot_layout, setup.view_layout},
           .push_bytes = sizeof(PathPush),
           .color_format = setup.color_format,
           .depth_format = setup.depth_format,
           .samples = setup.samples,
           .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
           .blend = setup.samples == VK_SAMPLE_COUNT_1_BIT ? Blend::kAlpha : Blend::kAlphaToCoverage,
           .depth = depth}};
}

GraphicsPipeline ball_pipeline(const PassSetup& setup, Depth depth) {
  return {setup.device,
          {.vertex = shader::ball_vert,
           .fragment = shader::ball_frag,
           .sets = {setup.slot_layout, setup.view_layout},
           .push_bytes = sizeof(BallPush),
           .color_format = setup.color_format,
           .depth_format = setup.depth_format,
           .samples = setup.samples,
           .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
           .blend = Blend::kAlphaToCoverage,
           .depth = depth}};
}

}  // namespace

PathPass::PathPass(const PassSetup& setup)
    : blended_(setup.samples == VK_SAMPLE_COUNT_1_BIT),
      hidden_(path_pipeline(setup, Depth::kBehind)),
      halo_(path_pipeline(setup, Depth::kTest)),
      core_(path_pipeline(setup, Depth::kTestWrite)),
      hidden_ball_(ball_pipeline(setup, Depth::kBehind)),
      ball_(ball_pipeline(setup, Depth::kTestWrite)) {}

void PathPass::bind(const PassContext& context, const GraphicsPipeline& pipeline) {
  pipeline.bind(context.cmd);
  pipeline.bind_set(context.cmd, 0, context.slot_set);
  pipeline.bind_set(context.cmd, 1, context.view_set);
}

void PathPass::draw_paths(const PassContext& context, const GraphicsPipeline& pipeline, float halo,
                          bool hidden) const {
  bind(context, pipeline);
  const FrameHeader& header = context.header;
  const auto draw = [&](std::uint32_t first, std::uint32_t count, std::uint32_t color) {
    if (count < 2) return;
    pipeline.push(context.cmd, PathPush{.first = first,
                                        .count = count,
                                        .radius = kPathRadius * context.scale,
                                        .halo = halo * context.scale,
                                        .hidden = hidden ? 1.0f : 0.0f,
                                        .several = header.several_paths > 0 ? 1u : 0u,
                                        .color = color % kFrameMaxPaths,
                                        .blended = blended_ ? 1u : 0u});
    vkCmdDraw(context.cmd, 4, count - 1, 0, 0);
  };
  if (header.several_paths == 0) return draw(0, header.path_count, 0);
  for (std::uint32_t i = 0; i < std::min(header.several_paths, kFrameMaxPaths); ++i)
    draw(header.paths[i].first, header.paths[i].count, header.paths[i].color);
}

void PathPass::draw_balls(const PassContext& context, const GraphicsPipeline& pipeline, float shown) const {
  bind(context, pipeline);
  const std::uint32_t several = std::min(context.header.several_paths, kFrameMaxPaths);
  const float size = several > 0 ? kOneOfSeveral : 1;
  for (std::uint32_t i = 0; i < std::max(several, 1u); ++i) {
    pipeline.push(context.cmd, BallPush{.ball_radius = kBallRadius * size,
                                        .start_radius = kStartRadius,
                                        .shown = shown,
                                        .several = several > 0 ? 1u : 0u,
                                        .number = i,
                                        .path_radius = kPathRadius * context.scale});
    vkCmdDraw(context.cmd, 4, i == 0 ? 2 : 1, 0, 0);  // they all start at one place
  }
}

void PathPass::draw(const PassContext& context) {
  const FrameHeader& header = context.header;
  if (header.path_count == 0 || header.grid_side < 2 || context.slot_set == VK_NULL_HANDLE) return;
  // The hidden parts first: they are what the surface hides, not what the path hides of itself.
  draw_balls(context, hidden_ball_, kHiddenBall);
  draw_paths(context, hidden_, 0, true);
  draw_paths(context, halo_, kHaloWidth, false);
  draw_paths(context, core_, 0, false);
  draw_balls(context, ball_, 1);
}

}  // namespace fl
