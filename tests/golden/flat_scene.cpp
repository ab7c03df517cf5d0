#include "tests/golden/flat_scene.h"

#include <cstring>
#include <stdexcept>

#include "engine/vk/barrier.h"

namespace fl::flat {
namespace {

constexpr VkFormat kFormat = VK_FORMAT_R8G8B8A8_UNORM;

void begin_rendering(VkCommandBuffer cmd, const Image& image, const glm::vec4& ground) {
  VkRenderingAttachmentInfo color{VK_STRUCTURE_TYPE_RENDERING_ATTACHMENT_INFO};
  color.imageView = image.view();
  color.imageLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
  color.loadOp = VK_ATTACHMENT_LOAD_OP_CLEAR;
  color.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
  color.clearValue.color = {{ground.r, ground.g, ground.b, 1}};
  VkRenderingInfo info{VK_STRUCTURE_TYPE_RENDERING_INFO};
  info.renderArea.extent = image.extent();
  info.layerCount = 1;
  info.colorAttachmentCount = 1;
  info.pColorAttachments = &color;
  vkCmdBeginRendering(cmd, &info);
}

void copy_out(VkCommandBuffer cmd, const Image& image, const Buffer& pixels) {
  image_barrier(cmd, image.handle(),
                {.from = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                 .to = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                 .source = kColorAttachment,
                 .destination = kTransferRead});
  VkBufferImageCopy copy{};
  copy.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
  copy.imageExtent = {image.extent().width, image.extent().height, 1};
  vkCmdCopyImageToBuffer(cmd, image.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL, pixels.handle(), 1,
                         &copy);
  memory_barrier(cmd, kTransferWrite, kHostRead);
}

}  // namespace

Scene::Scene(Device& device, const Font& font)
    : device_(device),
      font_(font),
      ring_(device, content_capacity()),
      slot_layout_(SlotSets::make_layout(device)),
      view_layout_(make_set_layout(device, {{0, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER}})),
      pool_(device, 1),
      view_(device, sizeof(ViewUniforms), VK_BUFFER_USAGE_UNIFORM_BUFFER_BIT),
      view_set_(pool_.allocate(view_layout_.get())),
      slots_(device, ring_.layout(), ring_.buffers()),
      setup_{.device = device,
             .slot_layout = slot_layout_.get(),
             .view_layout = view_layout_.get(),
             .color_format = kFormat},
      panels_(setup_),
      tiles_(setup_, font),
      bars_(setup_, font, panels_),
      curves_(setup_, font, panels_),
      text_(setup_, font) {
  write_buffer(device, view_set_, 0, VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, view_.handle());
}

Scene::~Scene() {
  device_.wait_idle();
}

void Scene::publish(const std::function<void(const FrameSlot&, Frame&)>& fill) {
  const auto slot = ring_.try_begin_write();
  if (!slot) throw std::runtime_error("no free slot");
  std::memset(slot->memory.data(), 0, slot->memory.size());
  Frame frame;
  fill(*slot, frame);
  ring_.publish(*slot, frame);
}

Picture Scene::draw(const PictureInfo& info,
                    const std::function<void(const PassContext&, std::vector<ScreenLabel>&)>& record) {
  const auto width = static_cast<float>(info.extent.width), height = static_cast<float>(info.extent.height);
  ViewUniforms uniforms{};
  uniforms.target = {width, height, 1 / width, 1 / height};
  uniforms.viewport = {0, 0, width, height};
  uniforms.options = {0, info.scale, 1, 0};
  uniforms.theme = *info.theme;
  view_.as<ViewUniforms>()[0] = uniforms;

  const auto newest = ring_.acquire_latest();
  const Frame frame = newest ? Frame(*newest) : Frame();
  const Image image(device_,
                    {.extent = info.extent,
                     .format = kFormat,
                     .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT});
  const std::size_t bytes = std::size_t{info.extent.width} * info.extent.height * 4;
  const Buffer pixels(device_, bytes, VK_BUFFER_USAGE_TRANSFER_DST_BIT, BufferMemory::kReadback);
  device_.run_once([&](VkCommandBuffer cmd) {
    image_barrier(cmd, image.handle(),
                  {.to = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL, .destination = kColorAttachment});
    begin_rendering(cmd, image, info.theme->panel);
    const PassContext context{.cmd = cmd,
                              .frame_index = 0,
                              .extent = info.extent,
                              .viewport = {0, 0, width, height},
                              .slot_set = newest ? slots_.set(newest->slot) : VK_NULL_HANDLE,
                              .view_set = view_set_,
                              .frame = frame,
                              .theme = *info.theme,
                              .surface = {},
                              .scale = info.scale,
                              .picture_scale = info.picture_scale};
    std::vector<ScreenLabel> labels;
    record(context, labels);
    text_.draw(context, labels);
    vkCmdEndRendering(cmd);
    copy_out(cmd, image, pixels);
  });
  if (newest) ring_.abandoned(*newest);
  Picture picture{info.extent.width, info.extent.height, std::vector<std::uint8_t>(bytes)};
  std::memcpy(picture.rgba.data(), pixels.mapped().data(), bytes);
  return picture;
}

}  // namespace fl::flat
