#include "engine/pass/lines.h"

#include <algorithm>
#include <cstring>

#include "shaders/shaders.h"

#include "engine/pass/pass_pipeline.h"

namespace fl {

LinesPass::LinesPass(const PassSetup& setup)
    : set_layout_(make_set_layout(setup.device, {{.binding = 0, .stages = VK_SHADER_STAGE_VERTEX_BIT}})),
      pool_(setup.device, kFramesInFlight),
      pipeline_(setup.device, pass_info(setup, {.vertex = shader::lines_vert,
                                                .fragment = shader::lines_frag,
                                                .sets = {set_layout_.get()},
                                                .topology = VK_PRIMITIVE_TOPOLOGY_TRIANGLE_STRIP,
                                                .blend = Blend::kAlpha,
                                                .depth = Depth::kTest})) {
  for (std::size_t i = 0; i < buffers_.size(); ++i) {
    buffers_[i] = Buffer(setup.device, kMaxLines * sizeof(Line), VK_BUFFER_USAGE_STORAGE_BUFFER_BIT);
    sets_[i] = pool_.allocate(set_layout_.get());
    write_buffer(setup.device, sets_[i], 0, VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, buffers_[i].handle());
  }
}

void LinesPass::draw(const PassContext& context, std::span<const Line> lines) {
  const std::size_t count = std::min(lines.size(), kMaxLines);
  if (count == 0) return;
  std::memcpy(buffers_[context.frame_index].mapped().data(), lines.data(), count * sizeof(Line));
  bind_pass(context, pipeline_);
  pipeline_.bind_set(context.cmd, 2, sets_[context.frame_index]);
  vkCmdDraw(context.cmd, 4, static_cast<std::uint32_t>(count), 0, 0);
}

}  // namespace fl
