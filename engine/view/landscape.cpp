#include "engine/view/landscape.h"

#include "shaders/shaders.h"

#include "engine/vk/barrier.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr std::uint32_t kMaxSide = 2049;
// shaders/relief.glsl and the local sizes of relief_*.comp.
constexpr std::size_t kReliefBytes = 16;
constexpr std::uint32_t kHeightGroup = 64;
constexpr std::uint32_t kLightGroup = 8;

std::uint32_t index_count(std::uint32_t side) {
  return (side - 1) * (side - 1) * 6;
}

}  // namespace

LandscapePass::LandscapePass(const PassSetup& setup)
    : device_(setup.device),
      relief_layout_(make_set_layout(setup.device, {{0}, {1}})),
      pool_(setup.device, 1),
      relief_set_(pool_.allocate(relief_layout_.get())),
      relief_height_(setup.device, shader::relief_height_comp,
                     {setup.slot_layout, setup.view_layout, relief_layout_.get()}),
      relief_light_(setup.device, shader::relief_light_comp,
                    {setup.slot_layout, setup.view_layout, relief_layout_.get()}),
      pipeline_(setup.device, {.vertex = shader::landscape_vert,
                               .fragment = shader::landscape_frag,
                               .sets = {setup.slot_layout, setup.view_layout, relief_layout_.get()},
                               .color_format = setup.color_format,
                               .depth_format = setup.depth_format,
                               .samples = setup.samples,
                               .depth = Depth::kTestWrite}) {}

const Buffer& LandscapePass::indices(std::uint32_t side) {
  const auto found = indices_.find(side);
  if (found != indices_.end()) return found->second;
  Buffer buffer(device_, index_count(side) * sizeof(std::uint32_t), VK_BUFFER_USAGE_INDEX_BUFFER_BIT);
  std::size_t next = 0;
  const auto out = buffer.as<std::uint32_t>();
  for (std::uint32_t row = 0; row + 1 < side; ++row)
    for (std::uint32_t column = 0; column + 1 < side; ++column) {
      // Both triangles begin at the quad's first corner, which provokes (see landscape.vert).
      const std::uint32_t corner = row * side + column;
      for (const std::uint32_t index :
           {corner, corner + 1, corner + side + 1, corner, corner + side + 1, corner + side})
        out[next++] = index;
    }
  return indices_.emplace(side, std::move(buffer)).first->second;
}

void LandscapePass::ensure_relief(std::uint32_t side) {
  if (side <= relief_side_) return;
  device_.wait_idle();  // earlier frames may still read the smaller ones
  const std::size_t count = std::size_t{side} * side;
  relief_heights_ =
      Buffer(device_, count * sizeof(float), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, BufferMemory::kDevice);
  relief_cells_ =
      Buffer(device_, count * kReliefBytes, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, BufferMemory::kDevice);
  write_buffer(device_, relief_set_, 0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, relief_heights_.handle());
  write_buffer(device_, relief_set_, 1, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, relief_cells_.handle());
  relief_side_ = side;
}

void LandscapePass::prepare(const PassContext& context) {
  const std::uint32_t side = context.header.grid_side;
  if (side < 2 || context.slot_set == VK_NULL_HANDLE) return;
  FL_CHECK(side <= kMaxSide);
  ensure_relief(side);
  const auto bind = [&](const ComputePipeline& pipeline) {
    pipeline.bind(context.cmd);
    pipeline.bind_set(context.cmd, 0, context.slot_set);
    pipeline.bind_set(context.cmd, 1, context.view_set);
    pipeline.bind_set(context.cmd, 2, relief_set_);
  };
  // The frame before may still draw from the same buffers.
  memory_barrier(context.cmd, kShaderRead, kComputeWrite);
  bind(relief_height_);
  vkCmdDispatch(context.cmd, (side * side + kHeightGroup - 1) / kHeightGroup, 1, 1);
  memory_barrier(context.cmd, kComputeWrite, kComputeRead);
  bind(relief_light_);
  const std::uint32_t groups = (side + kLightGroup - 1) / kLightGroup;
  vkCmdDispatch(context.cmd, groups, groups, 1);
  memory_barrier(context.cmd, kComputeWrite, kShaderRead);
}

void LandscapePass::draw(const PassContext& context) {
  const std::uint32_t side = context.header.grid_side;
  if (side < 2 || context.slot_set == VK_NULL_HANDLE) return;
  pipeline_.bind(context.cmd);
  pipeline_.bind_set(context.cmd, 0, context.slot_set);
  pipeline_.bind_set(context.cmd, 1, context.view_set);
  pipeline_.bind_set(context.cmd, 2, relief_set_);
  vkCmdBindIndexBuffer(context.cmd, indices(side).handle(), 0, VK_INDEX_TYPE_UINT32);
  vkCmdDrawIndexed(context.cmd, index_count(side), 1, 0, 0, 0);
}

}  // namespace fl
