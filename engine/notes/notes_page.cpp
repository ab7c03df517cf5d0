#include "engine/notes/notes_page.h"

#include "engine/stage/rendering.h"
#include "engine/vk/barrier.h"

namespace fl {

PassSetup NotesPage::setup() const {
  return {device_, slot_layout_.get(),  view_layout_.get(),
          format_, VK_FORMAT_UNDEFINED, VK_SAMPLE_COUNT_1_BIT};
}

NotesPage::NotesPage(Device& device, const Font& font, VkFormat color_format)
    : device_(device),
      format_(color_format),
      slot_layout_(SlotSets::make_layout(device)),
      view_layout_(make_set_layout(device, {{.binding = 0, .type = VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER}})),
      pool_(device, kFramesInFlight),
      panels_(setup()),
      text_(setup(), font) {
  for (std::size_t i = 0; i < view_buffers_.size(); ++i) {
    view_buffers_[i] = Buffer(device, sizeof(ViewUniforms), VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT);
    view_sets_[i] = pool_.allocate(view_layout_.get());
    write_buffer(device, view_sets_[i], 0, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, view_buffers_[i].handle());
  }
}

void NotesPage::record(VkCommandBuffer cmd, std::uint32_t frame_index, const StageTarget& target,
                       const NotesLayout& layout, const Theme& theme) {
  const auto width = static_cast<float>(target.extent.width),
             height = static_cast<float>(target.extent.height);
  view_buffers_[frame_index].as<ViewUniforms>()[0] = {.target = {width, height, 1 / width, 1 / height},
                                                      .theme = theme};
  static const Frame kNoFrame{};
  const PassContext context{.cmd = cmd,
                            .frame_index = frame_index,
                            .extent = target.extent,
                            .view_set = view_sets_[frame_index],
                            .frame = kNoFrame,
                            .theme = theme};
  image_barrier(cmd, target.image,
                {.to = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                 .source = kColorAttachment,
                 .destination = kColorAttachment});
  VkRenderingAttachmentInfo color = attachment(target.view, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                                               VK_ATTACHMENT_LOAD_OP_CLEAR, VK_ATTACHMENT_STORE_OP_STORE);
  const glm::vec4& ground = theme.background_bottom;
  color.clearValue.color = {{ground.x, ground.y, ground.z, 1}};
  render(cmd, {{0, 0}, target.extent}, &color, nullptr, [&] {
    panels_.draw(context, layout.panels);
    text_.draw(context, layout.labels);
  });
}

}  // namespace fl
