#include "engine/stage/rendering.h"

#include "shaders/shaders.h"

#include "engine/pass/pass_pipeline.h"

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
