#pragma once
// A buffer with its own memory. The program has a few dozen, so there is no sub-allocator.

#include <cstddef>
#include <cstring>
#include <span>

#include <vulkan/vulkan.h>

#include "engine/vk/device.h"

namespace fl {

enum class BufferMemory {
  kMapped,    // host-visible and coherent, mapped for the buffer's life; device-local too where there is such
  kReadback,  // the same, but cached for the host where there is such: for reading on the CPU
  kDevice,    // device-local only
  kShared,    // device-local, in an allocation of its own whose descriptor can be exported (external.h)
};

class Buffer {
 public:
  Buffer() = default;
  // Throws VulkanError when memory runs out. `bytes` > 0; a shared one has no usage beyond kSharedBufferUsage.
  Buffer(const Device& device, std::size_t bytes, VkBufferUsageFlags usage,
         BufferMemory memory = BufferMemory::kMapped);

  [[nodiscard]] VkBuffer handle() const { return buffer_.get(); }
  [[nodiscard]] std::size_t size() const { return bytes_; }
  // Empty for kDevice and kShared.
  [[nodiscard]] std::span<std::byte> mapped() const { return mapped_; }
  template <typename T>
  [[nodiscard]] std::span<T> as() const {
    return {reinterpret_cast<T*>(mapped_.data()), mapped_.size() / sizeof(T)};
  }
  explicit operator bool() const { return static_cast<bool>(buffer_); }
  // What another API needs to import a shared buffer. `allocated`: of the allocation, in bytes, >= size().
  [[nodiscard]] VkDeviceMemory memory() const { return memory_.get(); }
  [[nodiscard]] std::size_t allocated() const { return allocated_; }

 private:
  // Freed after the buffer: members go in reverse order. Freeing unmaps.
  MemoryHandle memory_;
  BufferHandle buffer_;
  std::size_t bytes_ = 0, allocated_ = 0;
  std::span<std::byte> mapped_;
};

}  // namespace fl
