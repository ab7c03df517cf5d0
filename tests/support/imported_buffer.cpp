#include "tests/support/imported_buffer.h"

#include "engine/vk/check.h"

namespace fl::testing {
namespace {

constexpr auto kOpaque = VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT;

}  // namespace

std::string ImportedBuffer::unsupported(const Device& device) {
  const ExternalSupport& support = device.external();
  if (!support.memory_fd) return device.name() + " has no VK_KHR_external_memory_fd";
  if (!support.exports_buffers) return device.name() + " exports no storage buffers";
  if (!support.imports_buffers) return device.name() + " imports no storage buffers";
  return {};
}

ImportedBuffer::ImportedBuffer(const Device& device, const Buffer& shared) {
  VkExternalMemoryBufferCreateInfo external{VK_STRUCTURE_TYPE_EXTERNAL_MEMORY_BUFFER_CREATE_INFO};
  external.handleTypes = kOpaque;
  VkBufferCreateInfo info{VK_STRUCTURE_TYPE_BUFFER_CREATE_INFO};
  info.pNext = &external;
  info.size = shared.size();
  info.usage = kSharedBufferUsage;
  VkBuffer buffer = VK_NULL_HANDLE;
  VK_CHECK(vkCreateBuffer(device.handle(), &info, nullptr, &buffer));
  buffer_ = BufferHandle(device.handle(), buffer);
  VkMemoryRequirements needs{};
  vkGetBufferMemoryRequirements(device.handle(), buffer, &needs);

  FileDescriptor fd = export_memory(device, shared.memory());
  VkMemoryDedicatedAllocateInfo dedicated{VK_STRUCTURE_TYPE_MEMORY_DEDICATED_ALLOCATE_INFO};
  dedicated.buffer = buffer;
  VkImportMemoryFdInfoKHR import{VK_STRUCTURE_TYPE_IMPORT_MEMORY_FD_INFO_KHR};
  import.pNext = &dedicated;
  import.handleType = kOpaque;
  import.fd = fd.get();
  VkMemoryAllocateInfo allocate{VK_STRUCTURE_TYPE_MEMORY_ALLOCATE_INFO};
  allocate.pNext = &import;
  allocate.allocationSize = shared.allocated();
  allocate.memoryTypeIndex = device.memory_type(
      needs.memoryTypeBits, VK_MEMORY_PROPERTY_DEVICE_LOCAL_BIT | VK_MEMORY_PROPERTY_HOST_VISIBLE_BIT, 0);
  VkDeviceMemory raw = VK_NULL_HANDLE;
  VK_CHECK(vkAllocateMemory(device.handle(), &allocate, nullptr, &raw));
  fd.release();  // the driver owns it now
  memory_ = MemoryHandle(device.handle(), raw);
  VK_CHECK(vkBindBufferMemory(device.handle(), buffer, raw, 0));
  void* data = nullptr;
  VK_CHECK(vkMapMemory(device.handle(), raw, 0, VK_WHOLE_SIZE, 0, &data));
  mapped_ = {static_cast<std::byte*>(data), shared.size()};
}

}  // namespace fl::testing
