#include "engine/view/relief.h"

#include "shaders/shaders.h"

#include "engine/vk/barrier.h"

namespace fl {
namespace {

// shaders/relief.glsl and the local sizes of relief_*.comp.
struct ReliefParams {
  std::uint32_t side = 0, drawn = 0, stride = 1, is_test = 0;
  float follow = 1;
  float unused[3] = {};
};
constexpr std::size_t kReliefBytes = 24;
constexpr std::uint32_t kHeightGroup = 64;
constexpr std::uint32_t kGroup = 8;
constexpr Access kComputeWork{VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT,
                              VK_ACCESS_2_SHADER_READ_BIT | VK_ACCESS_2_SHADER_WRITE_BIT};
// Whoever may have touched the relief in the frame before.
constexpr Access kAllShaders{
    VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT | VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT,
    VK_ACCESS_2_SHADER_READ_BIT | VK_ACCESS_2_SHADER_WRITE_BIT};

ComputePipeline compute(const PassSetup& setup, std::span<const std::uint32_t> code,
                        VkDescriptorSetLayout layout) {
  return {setup.device, code, {setup.slot_layout, setup.view_layout, layout}};
}

}  // namespace

Relief::Relief(const PassSetup& setup, bool test)
    : device_(setup.device),
      test_(test),
      layout_(make_set_layout(setup.device, {{0}, {1}, {2}, {3, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER}})),
      pool_(setup.device, kFramesInFlight),
      height_(compute(setup, shader::relief_height_comp, layout_.get())),
      shape_(compute(setup, shader::relief_shape_comp, layout_.get())),
      key_(compute(setup, shader::relief_key_comp, layout_.get())),
      floor_(compute(setup, shader::relief_floor_comp, layout_.get())),
      floor_light_(setup.device, kFloorSide * kFloorSide * sizeof(float), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT,
                   BufferMemory::kDevice) {
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    params_[i] = Buffer(device_, sizeof(ReliefParams), VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT);
    sets_[i] = pool_.allocate(layout_.get());
    write_buffer(device_, sets_[i], 2, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, floor_light_.handle());
    write_buffer(device_, sets_[i], 3, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, params_[i].handle());
  }
}

void Relief::ensure_room(std::uint32_t drawn) {
  if (drawn <= room_) return;
  device_.wait_idle();  // earlier frames may still read the smaller ones
  const std::size_t count = std::size_t{drawn} * drawn;
  heights_ = Buffer(device_, count * sizeof(float), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, BufferMemory::kDevice);
  cells_ = Buffer(device_, count * kReliefBytes, VK_BUFFER_USAGE_STORAGE_BUFFER_BIT, BufferMemory::kDevice);
  for (const VkDescriptorSet set : sets_) {
    write_buffer(device_, set, 0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, heights_.handle());
    write_buffer(device_, set, 1, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, cells_.handle());
  }
  room_ = drawn;
}

void Relief::dispatch(const PassContext& context, const ComputePipeline& pipeline, std::uint32_t side) const {
  pipeline.bind(context.cmd);
  pipeline.bind_set(context.cmd, 0, context.slot_set);
  pipeline.bind_set(context.cmd, 1, context.view_set);
  pipeline.bind_set(context.cmd, 2, sets_[context.frame_index]);
  const std::uint32_t groups = (side + kGroup - 1) / kGroup;
  vkCmdDispatch(context.cmd, groups, groups, 1);
}

void Relief::prepare(const PassContext& context, const Change& change) {
  const std::uint32_t side = context.header.grid_side;
  const std::uint32_t stride = (side - 2) / (kMostDrawn - 1) + 1;
  drawn_ = (side - 2) / stride + 2;
  ensure_room(drawn_);
  params_[context.frame_index].as<ReliefParams>()[0] = {
      .side = side, .drawn = drawn_, .stride = stride, .is_test = test_ ? 1u : 0u, .follow = change.follow};
  if (!change.heights && !change.light) return;
  memory_barrier(context.cmd, kAllShaders, kComputeWork);
  if (change.heights) {
    height_.bind(context.cmd);
    height_.bind_set(context.cmd, 0, context.slot_set);
    height_.bind_set(context.cmd, 1, context.view_set);
    height_.bind_set(context.cmd, 2, sets_[context.frame_index]);
    vkCmdDispatch(context.cmd, (drawn_ * drawn_ + kHeightGroup - 1) / kHeightGroup, 1, 1);
    memory_barrier(context.cmd, kComputeWrite, kComputeWork);
    dispatch(context, shape_, drawn_);
  }
  dispatch(context, key_, drawn_);
  if (!test_) dispatch(context, floor_, kFloorSide);  // glass throws no shadow
  memory_barrier(context.cmd, kComputeWrite, kAllShaders);
}

}  // namespace fl
