#include "engine/stage/rendering.h"

#include "shaders/shaders.h"

#include "engine/pass/pass_pipeline.h"
#include "engine/vk/barrier.h"

namespace fl {

VkRenderingAttachmentInfo attachment(VkImageView view, VkImageLayout layout, VkAttachmentLoadOp load,
                                     VkAttachmentStoreOp store) {
  VkRenderingAttachmentInfo info{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
  info.imageView = view;
  info.imageLayout = layout;
  info.loadOp = load;
  info.storeOp = store;
  return info;
}

void begin_target(VkCommandBuffer cmd, const StageTarget& target) {
  image_barrier(
      cmd, target.image,
      {.to = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
       .source = {VK_PIPELINE_STAGE_2_COLOR_ATTACHMENT_OUTPUT_BIT | VK_PIPELINE_STAGE_2_TRANSFER_BIT,
                  VK_ACCESS_2_COLOR_ATTACHMENT_WRITE_BIT},
       .destination = kColorAttachment});
}

void draw_blank(VkCommandBuffer cmd, const StageTarget& target) {
  begin_target(cmd, target);
  VkRenderingAttachmentInfo color = attachment(target.view, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                                               VK_ATTACHMENT_LOAD_OP_CLEAR, VK_ATTACHMENT_STORE_OP_STORE);
  color.clearValue.color = {{0, 0, 0, 1}};
  render(cmd, {{0, 0}, target.extent}, &color, nullptr, [] {});
}

GraphicsPipeline backdrop_pipeline(const PassSetup& setup, Depth depth) {
  return {
      setup.device,
      pass_info(setup, {.vertex = shader::backdrop_vert, .fragment = shader::backdrop_frag, .depth = depth})};
}

void draw_backdrop(const PassContext& context, const GraphicsPipeline& pipeline, const Rect& rect) {
  if (rect.width < 1 || rect.height < 1) return;
  set_viewport(context, rect);
  bind_pass(context, pipeline);
  vkCmdDraw(context.cmd, 3, 1, 0, 0);
}

}  // namespace fl
