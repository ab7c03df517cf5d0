#include "engine/vk/buffer.h"

#include "engine/vk/check.h"
#include "engine/vk/external.h"
#include "trainer/base/check.h"

namespace fl {

Buffer::Buffer(const Device& device, std::size_t bytes, VkBufferUsageFlags usage, BufferMemory memory)
    : bytes_(bytes) {
  FL_CHECK(bytes > 0);
  const bool shared = memory == BufferMemory::kShared;
  FL_CHECK(!shared || (device.external().memory_fd && device.external().exports_buffers));
  FL_CHECK(!shared || (usage & ~kSharedBufferUsage) == 0);
  VkExternalMemoryBufferCreateInfo external{VK_STRUCTURE_TYPE_EXTERNAL_MEMORY_BUFFER_CREATE_INFO};
  external.handleTypes = VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT;
  VkBufferCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
  if (shared) info.pNext = &external;
  info.size = bytes;
  info.usage = usage;
  info.sharingMode = VK_SHARING_MODE_EXCLUSIVE;
  VkBuffer buffer = VK_NULL_HANDLE;
  VK_CHECK(vkCreateBuffer(device.handle(), &info, nullptr, &buffer));
  buffer_ = BufferHandle(device.handle(), buffer);

  constexpr VkMemoryPropertyFlags kHost =
      VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT | VK_MEMORY_PROPERTY_HOST_COHERENT_BIT;
  VkMemoryPropertyFlags required = kHost;
  VkMemoryPropertyFlags preferred = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;
  if (memory == BufferMemory::kReadback) preferred = VK_MEMORY_PROPERTY_HOST_CACHED_BIT;
  if (memory == BufferMemory::kDevice || shared) required = VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT;

  VkMemoryRequirements needs{};
  vkGetBufferMemoryRequirements(device.handle(), buffer, &needs);
  VkMemoryDedicatedAllocateInfo dedicated{VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO};
  dedicated.buffer = buffer;
  VkExportMemoryAllocateInfo exported{VK_STRUCTURE_TYPE_EXPORT_MEMORY_ALLOCATE_INFO};
  exported.pNext = &dedicated;
  exported.handleTypes = VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT;
  VkMemoryAllocateInfo allocate{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
  if (shared) allocate.pNext = &exported;
  allocate.allocationSize = allocated_ = needs.size;
  allocate.memoryTypeIndex = device.memory_type(needs.memoryTypeBits, required, preferred);
  VkDeviceMemory raw = VK_NULL_HANDLE;
  VK_CHECK(vkAllocateMemory(device.handle(), &allocate, nullptr, &raw));
  memory_ = MemoryHandle(device.handle(), raw);
  VK_CHECK(vkBindBufferMemory(device.handle(), buffer, raw, 0));

  if (memory == BufferMemory::kDevice || shared) return;
  void* data = nullptr;
  VK_CHECK(vkMapMemory(device.handle(), raw, 0, VK_WHOLE_SIZE, 0, &data));
  mapped_ = {static_cast<std::byte*>(data), bytes};
}

}  // namespace fl
