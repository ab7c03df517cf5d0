#include "engine/vk/image.h"

#include <cstring>

#include "engine/vk/barrier.h"
#include "engine/vk/buffer.h"
#include "engine/vk/check.h"

namespace fl {

Image::Image(const Device& device, const ImageInfo& info) : info_(info) {
  VkImageCreateInfo create{VK_STRUCTURE_TYPE_IMAGE_CREATE_INFO};
  create.imageType = VK_IMAGE_TYPE_2D;
  create.format = info.format;
  create.extent = {info.extent.width, info.extent.height, 1};
  create.mipLevels = 1;
  create.arrayLayers = 1;
  create.samples = info.samples;
  create.tiling = VK_IMAGE_TILING_OPTIMAL;
  create.usage = info.usage;
  create.initialLayout = VK_IMAGE_LAYOUT_UNDEFINED;
  VkImage image = VK_NULL_HANDLE;
  VK_CHECK(vkCreateImage(device.handle(), &create, nullptr, &image));
  image_ = ImageHandle(device.handle(), image);

  VkMemoryRequirements needs{};
  vkGetImageMemoryRequirements(device.handle(), image, &needs);
  VkMemoryAllocateInfo allocate{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
  allocate.allocationSize = needs.size;
  allocate.memoryTypeIndex = device.memory_type(needs.memoryTypeBits, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT, 0);
  VkDeviceMemory memory = VK_NULL_HANDLE;
  VK_CHECK(vkAllocateMemory(device.handle(), &allocate, nullptr, &memory));
  memory_ = MemoryHandle(device.handle(), memory);
  VK_CHECK(vkBindImageMemory(device.handle(), image, memory, 0));

  VkImageViewCreateInfo view_info{VK_STRUCTURE_TYPE_IMAGE_VIEW_CREATE_INFO};
  view_info.image = image;
  view_info.viewType = VK_IMAGE_VIEW_TYPE_2D;
  view_info.format = info.format;
  view_info.subresourceRange = {info.aspect, 0, 1, 0, 1};
  VkImageView view = VK_NULL_HANDLE;
  VK_CHECK(vkCreateImageView(device.handle(), &view_info, nullptr, &view));
  view_ = ImageViewHandle(device.handle(), view);
}

void Image::upload(Device& device, std::span<const std::byte> pixels) {
  const Buffer staging(device, pixels.size(), VK_BUFFER_USAGE_TRANSFER_SRC_BIT);
  std::memcpy(staging.mapped().data(), pixels.data(), pixels.size());
  device.run_once([&](VkCommandBuffer cmd) {
    // The first half waits for shaders of earlier frames: an atlas may grow while they run.
    image_barrier(cmd, handle(),
                  {.from = VK_IMAGE_LAYOUT_UNDEFINED,
                   .to = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                   .source = kShaderRead,
                   .destination = kTransferWrite});
    VkBufferImageCopy copy{};
    copy.imageSubresource = {VK_IMAGE_ASPECT_COLOR_BIT, 0, 0, 1};
    copy.imageExtent = {info_.extent.width, info_.extent.height, 1};
    vkCmdCopyBufferToImage(cmd, staging.handle(), handle(), VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL, 1, &copy);
    image_barrier(cmd, handle(),
                  {.from = VK_IMAGE_LAYOUT_TRANSFER_DST_OPTIMAL,
                   .to = VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL,
                   .source = kTransferWrite,
                   .destination = kShaderRead});
  });
}

SamplerHandle make_sampler(const Device& device, VkFilter filter) {
  VkSamplerCreateInfo info{VK_STRUCTURE_TYPE_SAMPLER_CREATE_INFO};
  info.magFilter = filter;
  info.minFilter = filter;
  info.mipmapMode = VK_SAMPLER_MIPMAP_MODE_NEAREST;
  info.addressModeU = VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE;
  info.addressModeV = VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE;
  info.addressModeW = VK_SAMPLER_ADDRESS_MODE_CLAMP_TO_EDGE;
  VkSampler sampler = VK_NULL_HANDLE;
  VK_CHECK(vkCreateSampler(device.handle(), &info, nullptr, &sampler));
  return {device.handle(), sampler};
}

}  // namespace fl
