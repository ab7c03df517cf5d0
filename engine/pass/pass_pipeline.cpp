#include "engine/pass/pass_pipeline.h"

#include <array>
#include <utility>

namespace fl {

GraphicsPipelineInfo pass_info(const PassSetup& setup, GraphicsPipelineInfo info) {
  const std::array shared_sets{setup.slot_layout, setup.view_layout};
  info.sets.insert(info.sets.begin(), shared_sets.begin(), shared_sets.end());
  info.color_format = setup.color_format;
  info.depth_format = setup.depth_format;
  info.samples = setup.samples;
  return info;
}

GraphicsPipeline flat_pipeline(const PassSetup& setup, GraphicsPipelineInfo info) {
  info.topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP;
  info.blend = Blend::kAlpha;
  return {setup.device, pass_info(setup, std::move(info))};
}

void bind_flat(const PassContext& context, const GraphicsPipeline& pipeline) {
  set_viewport(context, whole_picture(context.extent));
  bind_pass(context, pipeline);
}

}  // namespace fl
