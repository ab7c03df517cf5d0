#pragma once
// What the parts of the stage share of Vulkan: one rendering, and the backdrop behind everything.

#include <vulkan/vulkan.h>

#include "engine/pass/pass.h"
#include "engine/stage/stage_target.h"
#include "engine/vk/pipeline.h"

namespace fl {

[[nodiscard]] VkRenderingAttachmentInfo attachment(VkImageView view, VkImageLayout layout,
                                                   VkAttachmentLoadOp load, VkAttachmentStoreOp store);

// Calls `draws` inside one rendering. Null: no such attachment.
template <typename Draws>
void render(VkCommandBuffer cmd, const VkRect2D& area, const VkRenderingAttachmentInfo* color,
            const VkRenderingAttachmentInfo* depth, const Draws& draws) {
  VkRenderingInfo rendering{VK_STRUCTURE_TYPE_RENDERING_INFO};
  rendering.renderArea = area;
  rendering.layerCount = 1;
  rendering.colorAttachmentCount = color != nullptr ? 1 : 0;
  rendering.pColorAttachments = color;
  rendering.pDepthAttachment = depth;
  vkCmdBeginRendering(cmd, &rendering);
  draws();
  vkCmdEndRendering(cmd);
}

// The target may just have been read by a copy or by the window system: waits for that, keeps nothing.
void begin_target(VkCommandBuffer cmd, const StageTarget& target);
// Begins it, and draws nothing but black.
void draw_blank(VkCommandBuffer cmd, const StageTarget& target);

[[nodiscard]] GraphicsPipeline backdrop_pipeline(const PassSetup& setup, Depth depth);
// Sets viewport and scissor to `rect`.
void draw_backdrop(const PassContext& context, const GraphicsPipeline& pipeline, const Rect& rect);

}  // namespace fl
