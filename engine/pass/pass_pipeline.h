#pragma once
// What the pipelines of all passes have in common, said once: the sets that every shader may read, what is
// drawn into, and for flat passes the whole picture.

#include "engine/pass/pass.h"
#include "engine/vk/pipeline.h"

namespace fl {

// `info` for a pass that is built with `setup`: its formats, its samples, and the sets of the slot and of the
// view before the pass's own in info.sets.
[[nodiscard]] GraphicsPipelineInfo pass_info(const PassSetup& setup, GraphicsPipelineInfo info);
// The same for flat passes: strips of four vertices, blended over what is there.
[[nodiscard]] GraphicsPipeline flat_pipeline(const PassSetup& setup, GraphicsPipelineInfo info);

// The pipeline (of either kind), the view's set and, after the first publish, the slot's.
template <typename Pipeline>
void bind_pass(const PassContext& context, const Pipeline& pipeline) {
  pipeline.bind(context.cmd);
  if (context.slot_set != VK_NULL_HANDLE) pipeline.bind_set(context.cmd, 0, context.slot_set);
  pipeline.bind_set(context.cmd, 1, context.view_set);
}
// The same for flat passes: viewport and scissor are the whole picture, too.
void bind_flat(const PassContext& context, const GraphicsPipeline& pipeline);

[[nodiscard]] constexpr Rect whole_picture(VkExtent2D extent) {
  return {0, 0, static_cast<float>(extent.width), static_cast<float>(extent.height)};
}

}  // namespace fl
