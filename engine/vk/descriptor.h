#pragma once
// Descriptor sets: layouts from a list, a pool, and writes on one line.

#include <cstdint>
#include <initializer_list>
#include <span>

#include <vulkan/vulkan.h>

#include "engine/vk/device.h"

namespace fl {

struct Binding {
  std::uint32_t binding = 0;
  VkDescriptorType type = VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
  VkShaderStageFlags stages =
      VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT | VK_SHADER_STAGE_COMPUTE_BIT;
  std::uint32_t count = 1;
};

SetLayoutHandle make_set_layout(const Device& device, std::span<const Binding> bindings);
inline SetLayoutHandle make_set_layout(const Device& device, std::initializer_list<Binding> bindings) {
  return make_set_layout(device, std::span<const Binding>(bindings.begin(), bindings.size()));
}

// Room for `sets` sets of up to `per_set` descriptors of every type the program uses. Sets live as long as
// the pool.
class DescriptorPool {
 public:
  DescriptorPool() = default;
  DescriptorPool(const Device& device, std::uint32_t sets, std::uint32_t per_set = 8);
  [[nodiscard]] VkDescriptorSet allocate(VkDescriptorSetLayout layout) const;
  [[nodiscard]] VkDescriptorPool handle() const { return pool_.get(); }

 private:
  VkDevice device_ = VK_NULL_HANDLE;
  DescriptorPoolHandle pool_;
};

void write_buffer(const Device& device, VkDescriptorSet set, std::uint32_t binding, VkDescriptorType type,
                  VkBuffer buffer, VkDeviceSize offset = 0, VkDeviceSize bytes = VK_WHOLE_SIZE);
// A combined image sampler.
void write_image(const Device& device, VkDescriptorSet set, std::uint32_t binding, VkImageView view,
                 VkSampler sampler, VkImageLayout layout = VK_IMAGE_LAYOUT_SHADER_READ_ONLY_OPTIMAL);
// An image that compute shaders write, in GENERAL.
void write_storage_image(const Device& device, VkDescriptorSet set, std::uint32_t binding, VkImageView view);

}  // namespace fl
