#include "engine/film/capture.h"

#include "engine/vk/barrier.h"
#include "trainer/base/check.h"

namespace fl {

Capture::Capture(Device& device, VkExtent2D extent)
    : target_(device, {.extent = extent,
                       .format = kFormat,
                       .usage = VK_IMAGE_USAGE_COLOR_ATTACHMENT_BIT | VK_IMAGE_USAGE_TRANSFER_SRC_BIT |
                                VK_IMAGE_USAGE_TRANSFER_DST_BIT}),
      readback_(device, std::size_t{extent.width} * extent.height * 4, VK_BUFFER_USAGE_TRANSFER_DST_BIT,
                BufferMemory::kReadback),
      frames_(device) {}

Picture Capture::shoot(Stage& stage, VkDescriptorSet slot_set, const Frame& frame, const StageView& view,
                       const StageTexts& texts, SemaphoreUse wait, SemaphoreUse signal) {
  FL_CHECK(stage.color_format() == kFormat);
  const FrameInFlight flight = frames_.begin();
  stage.record(flight.cmd, flight.index, {target_.handle(), target_.view(), target_.extent()}, slot_set,
               frame, view, texts);
  image_barrier(flight.cmd, target_.handle(),
                {.from = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL,
                 .to = VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                 .source = kColorAttachment,
                 .destination = kTransferRead});
  // The picture before went to the same buffer: its copy comes first.
  memory_barrier(flight.cmd, kTransferWrite, kTransferWrite);
  VkBufferImageCopy copy{};
  copy.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
  copy.imageExtent = {target_.extent().width, target_.extent().height, 1};
  vkCmdCopyImageToBuffer(flight.cmd, target_.handle(), VK_IMAGE_LAYOUT_TRANSFER_SRC_OPTIMAL,
                         readback_.handle(), 1, &copy);
  memory_barrier(flight.cmd, kTransferWrite, kHostRead);
  frames_.submit(flight, {&wait, 1}, {&signal, 1});
  frames_.wait_all();

  const auto pixels = readback_.as<const std::uint8_t>();
  return {target_.extent().width, target_.extent().height, {pixels.begin(), pixels.end()}};
}

void Capture::pass(Stage& stage, VkDescriptorSet slot_set, const Frame& frame, StageView view,
                   const StageTexts& texts, SemaphoreUse wait, SemaphoreUse signal) {
  const FrameInFlight flight = frames_.begin();
  view.unseen = true;
  stage.record(flight.cmd, flight.index, {target_.handle(), target_.view(), target_.extent()}, slot_set,
               frame, view, texts);
  frames_.submit(flight, {&wait, 1}, {&signal, 1});
  frames_.wait_all();
}

}  // namespace fl
