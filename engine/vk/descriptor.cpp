#include "engine/vk/descriptor.h"

#include <array>
#include <vector>

#include "engine/vk/check.h"

namespace fl {

SetLayoutHandle make_set_layout(const Device& device, std::span<const Binding> bindings) {
  std::vector<VkDescriptorSetLayoutBinding> list;
  list.reserve(bindings.size());
  for (const Binding& b : bindings) list.push_back({b.binding, b.type, b.count, b.stages, nullptr});
  VkDescriptorSetLayoutCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO};
  info.bindingCount = static_cast<std::uint32_t>(list.size());
  info.pBindings = list.data();
  VkDescriptorSetLayout layout = VK_NULL_HANDLE;
  VK_CHECK(vkCreateDescriptorSetLayout(device.handle(), &info, nullptr, &layout));
  return {device.handle(), layout};
}

DescriptorPool::DescriptorPool(const Device& device, std::uint32_t sets, std::uint32_t per_set)
    : device_(device.handle()) {
  const std::uint32_t count = sets * per_set;
  const std::array sizes{VkDescriptorPoolSize{VK_DESCRIPTOR_TYPE_STORAGE_BUFFER, count},
                         VkDescriptorPoolSize{VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER, count},
                         VkDescriptorPoolSize{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, count},
                         VkDescriptorPoolSize{VK_DESCRIPTOR_TYPE_STORAGE_IMAGE, count}};
  VkDescriptorPoolCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO};
  info.maxSets = sets;
  info.poolSizeCount = static_cast<std::uint32_t>(sizes.size());
  info.pPoolSizes = sizes.data();
  VkDescriptorPool pool = VK_NULL_HANDLE;
  VK_CHECK(vkCreateDescriptorPool(device_, &info, nullptr, &pool));
  pool_ = DescriptorPoolHandle(device_, pool);
}

VkDescriptorSet DescriptorPool::allocate(VkDescriptorSetLayout layout) const {
  VkDescriptorSetAllocateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_SET_ALLOCATE_INFO};
  info.descriptorPool = pool_.get();
  info.descriptorSetCount = 1;
  info.pSetLayouts = &layout;
  VkDescriptorSet set = VK_NULL_HANDLE;
  VK_CHECK(vkAllocateDescriptorSets(device_, &info, &set));
  return set;
}

void write_buffer(const Device& device, VkDescriptorSet set, std::uint32_t binding, VkDescriptorType type,
                  VkBuffer buffer, VkDeviceSize offset, VkDeviceSize bytes) {
  const VkDescriptorBufferInfo info{buffer, offset, bytes};
  VkWriteDescriptorSet write{VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET};
  write.dstSet = set;
  write.dstBinding = binding;
  write.descriptorCount = 1;
  write.descriptorType = type;
  write.pBufferInfo = &info;
  vkUpdateDescriptorSets(device.handle(), 1, &write, 0, nullptr);
}

namespace {

void write(const Device& device, VkDescriptorSet set, std::uint32_t binding, VkDescriptorType type,
           const VkDescriptorImageInfo& info) {
  VkWriteDescriptorSet write{VK_STRUCTURE_TYPE_WRITE_DESCRIPTOR_SET};
  write.dstSet = set;
  write.dstBinding = binding;
  write.descriptorCount = 1;
  write.descriptorType = type;
  write.pImageInfo = &info;
  vkUpdateDescriptorSets(device.handle(), 1, &write, 0, nullptr);
}

}  // namespace

void write_image(const Device& device, VkDescriptorSet set, std::uint32_t binding, VkImageView view,
                 VkSampler sampler, VkImageLayout layout) {
  write(device, set, binding, VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, {sampler, view, layout});
}

void write_storage_image(const Device& device, VkDescriptorSet set, std::uint32_t binding, VkImageView view) {
  write(device, set, binding, VK_DESCRIPTOR_TYPE_STORAGE_IMAGE, {VK_NULL_HANDLE, view, VK_IMAGE_LAYOUT_GENERAL});
}

}  // namespace fl
