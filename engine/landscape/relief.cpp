#include "engine/landscape/relief.h"

#include "shaders/shaders.h"
#include "shaders/shared/relief.h"

#include "engine/pass/pass_pipeline.h"
#include "engine/vk/barrier.h"

namespace fl {
namespace {

constexpr std::uint32_t kGroup = 8;  // relief_*.comp
constexpr VkFormat kHeightFormat = VK_FORMAT_R32_SFLOAT;
constexpr VkFormat kCellFormat = VK_FORMAT_R32G32B32A32_UINT;
constexpr Access kComputeWork{VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT,
                              VK_ACCESS_2_SHADER_READ_BIT | VK_ACCESS_2_SHADER_WRITE_BIT};
// Whoever touches the relief, before and after.
constexpr Access kAllShaders{VK_PIPELINE_STAGE_2_VERTEX_SHADER_BIT | VK_PIPELINE_STAGE_2_FRAGMENT_SHADER_BIT |
                                 VK_PIPELINE_STAGE_2_COMPUTE_SHADER_BIT,
                             VK_ACCESS_2_SHADER_READ_BIT | VK_ACCESS_2_SHADER_WRITE_BIT};

Image grid_image(const Device& device, std::uint32_t side, VkFormat format) {
  return {device,
          {.extent = {side, side},
           .format = format,
           .usage = VK_IMAGE_USAGE_STORAGE_BIT | VK_IMAGE_USAGE_SAMPLED_BIT}};
}

ComputePipeline compute(const PassSetup& setup, std::span<const std::uint32_t> code,
                        VkDescriptorSetLayout layout) {
  return {setup.device, code, {setup.slot_layout, setup.view_layout, layout}};
}

}  // namespace

Relief::Relief(const PassSetup& setup, bool test)
    : device_(setup.device),
      test_(test),
      layout_(make_set_layout(setup.device,
                              {{0, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER},
                               {1, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER},
                               {2, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER},
                               {3, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER},
                               {4, VK_DESCRIPTOR_TYPE_STORAGE_IMAGE, VK_SHADER_STAGE_COMPUTE_BIT},
                               {5, VK_DESCRIPTOR_TYPE_STORAGE_IMAGE, VK_SHADER_STAGE_COMPUTE_BIT},
                               {6, VK_DESCRIPTOR_TYPE_STORAGE_IMAGE, VK_SHADER_STAGE_COMPUTE_BIT}})),
      pool_(setup.device, kFramesInFlight),
      sampler_(make_sampler(setup.device, VK_FILTER_NEAREST)),
      height_(compute(setup, shader::relief_height_comp, layout_.get())),
      shape_(compute(setup, shader::relief_shape_comp, layout_.get())),
      key_(compute(setup, shader::relief_key_comp, layout_.get())),
      floor_(compute(setup, shader::relief_floor_comp, layout_.get())),
      floor_light_(grid_image(setup.device, shared::kFloorSide, kHeightFormat)) {
  for (std::size_t i = 0; i < sets_.size(); ++i) {
    params_[i] = Buffer(device_, sizeof(shared::ReliefParams), VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT);
    sets_[i] = pool_.allocate(layout_.get());
    write_image(device_, sets_[i], 2, floor_light_.view(), sampler_.get(), VK_IMAGE_LAYOUT_GENERAL);
    write_buffer(device_, sets_[i], 3, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, params_[i].handle());
    write_storage_image(device_, sets_[i], 6, floor_light_.view());
  }
}

void Relief::ensure_room(std::uint32_t drawn) {
  if (drawn <= room_) return;
  device_.wait_idle();  // earlier frames may still read the smaller ones
  heights_ = grid_image(device_, drawn, kHeightFormat);
  cells_ = grid_image(device_, drawn, kCellFormat);
  for (const VkDescriptorSet set : sets_) {
    write_image(device_, set, 0, heights_.view(), sampler_.get(), VK_IMAGE_LAYOUT_GENERAL);
    write_image(device_, set, 1, cells_.view(), sampler_.get(), VK_IMAGE_LAYOUT_GENERAL);
    write_storage_image(device_, set, 4, heights_.view());
    write_storage_image(device_, set, 5, cells_.view());
  }
  room_ = drawn;
  begun_ = false;
}

void Relief::begin_images(const PassContext& context) {
  for (const Image* image : {&heights_, &cells_, &floor_light_})
    image_barrier(context.cmd, image->handle(),
                  {.to = VK_IMAGE_LAYOUT_GENERAL, .source = kAllShaders, .destination = kComputeWork});
  begun_ = true;
}

void Relief::dispatch(const PassContext& context, const ComputePipeline& pipeline, std::uint32_t side) const {
  bind_pass(context, pipeline);
  pipeline.bind_set(context.cmd, 2, sets_[context.frame_index]);
  const std::uint32_t groups = (side + kGroup - 1) / kGroup;
  vkCmdDispatch(context.cmd, groups, groups, 1);
}

void Relief::prepare(const PassContext& context, const Change& change) {
  const std::uint32_t side = context.frame.facts.grid_side;
  const std::uint32_t stride = (side - 2) / (kMostDrawn - 1) + 1;
  drawn_ = (side - 2) / stride + 2;
  ensure_room(drawn_);
  params_[context.frame_index].as<shared::ReliefParams>()[0] = {
      .side = side, .drawn = drawn_, .stride = stride, .is_test = test_ ? 1u : 0u, .follow = change.follow};
  if (!change.heights && !change.light) return;
  if (!begun_) begin_images(context);
  memory_barrier(context.cmd, kAllShaders, kComputeWork);
  if (change.heights) {
    dispatch(context, height_, drawn_);
    memory_barrier(context.cmd, kComputeWrite, kComputeWork);
    dispatch(context, shape_, drawn_);
    memory_barrier(context.cmd, kComputeWrite, kComputeWork);
  }
  dispatch(context, key_, drawn_);
  if (!test_) {  // glass throws no shadow
    memory_barrier(context.cmd, kComputeWrite, kComputeWork);
    dispatch(context, floor_, shared::kFloorSide);
  }
  memory_barrier(context.cmd, kComputeWrite, kAllShaders);
}

}  // namespace fl
