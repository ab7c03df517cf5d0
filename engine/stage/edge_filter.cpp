#include "engine/stage/edge_filter.h"

#include <cmath>

#include "shaders/shaders.h"

#include "engine/pass/pass_pipeline.h"

namespace fl {

EdgeFilter::EdgeFilter(const PassSetup& setup)
    : device_(setup.device),
      layout_(make_set_layout(setup.device, {{0, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER}})),
      pool_(setup.device, 2),
      set_(pool_.allocate(layout_.get())),
      smooth_set_(pool_.allocate(layout_.get())),
      sampler_(make_sampler(setup.device, VK_FILTER_NEAREST)),
      smooth_(make_sampler(setup.device, VK_FILTER_LINEAR)),
      pipeline_(setup.device, pass_info(setup, {.vertex = shader::edges_vert,
                                                .fragment = shader::edges_frag,
                                                .sets = {layout_.get()}})),
      enlarging_(setup.device, pass_info(setup, {.vertex = shader::enlarged_vert,
                                                 .fragment = shader::enlarged_frag,
                                                 .sets = {layout_.get()}})) {}

void EdgeFilter::read_from(const Image& picture) {
  write_image(device_, set_, 0, picture.view(), sampler_.get());
  write_image(device_, smooth_set_, 0, picture.view(), smooth_.get());
}

void EdgeFilter::draw(const PassContext& context) const {
  set_viewport(context, context.viewport);
  bind_pass(context, pipeline_);
  pipeline_.bind_set(context.cmd, 2, set_);
  vkCmdDraw(context.cmd, 3, 1, 0, 0);
}

void EdgeFilter::enlarge(const PassContext& context) const {
  set_viewport(context, context.viewport);
  bind_pass(context, enlarging_);
  enlarging_.bind_set(context.cmd, 2, smooth_set_);
  vkCmdDraw(context.cmd, 3, 1, 0, 0);
}

Rect EdgeFilter::halved(const Rect& viewport) {
  return {std::floor(viewport.x / 2), std::floor(viewport.y / 2), std::ceil(viewport.width / 2),
          std::ceil(viewport.height / 2)};
}

}  // namespace fl
