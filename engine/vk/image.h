#pragma once
// 2-D images with their own memory and one view, and samplers.

#include <cstddef>
#include <span>

#include <vulkan/vulkan.h>

#include "engine/vk/device.h"

namespace fl {

struct ImageInfo {
  VkExtent2D extent{};
  VkFormat format = VK_FORMAT_R8G8B8A8_UNORM;
  VkImageUsageFlags usage = 0;
  VkSampleCountFlagBits samples = VK_SAMPLE_COUNT_1_BIT;
  VkImageAspectFlags aspect = VK_IMAGE_ASPECT_COLOR_BIT;
};

class Image {
 public:
  Image() = default;
  // Device-local, optimal tiling, layout UNDEFINED. Throws VulkanError when memory runs out.
  Image(const Device& device, const ImageInfo& info);

  [[nodiscard]] VkImage handle() const { return image_.get(); }
  [[nodiscard]] VkImageView view() const { return view_.get(); }
  [[nodiscard]] VkExtent2D extent() const { return info_.extent; }
  [[nodiscard]] VkFormat format() const { return info_.format; }
  [[nodiscard]] VkImageAspectFlags aspect() const { return info_.aspect; }
  explicit operator bool() const { return static_cast<bool>(image_); }

  // Fills the whole image from tightly packed rows and leaves it in SHADER_READ_ONLY_OPTIMAL. Waits for
  // the queue, so frames in flight may still read the old content. Usage needs TRANSFER_DST.
  void upload(Device& device, std::span<const std::byte> pixels);

 private:
  MemoryHandle memory_;
  ImageHandle image_;
  ImageViewHandle view_;
  ImageInfo info_;
};

// Clamped to the edge, no mip levels.
SamplerHandle make_sampler(const Device& device, VkFilter filter);

}  // namespace fl
