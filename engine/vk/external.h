#pragma once
// Descriptors of memory and semaphores that leave Vulkan for another API (VK_KHR_external_memory_fd and
// VK_KHR_external_semaphore_fd, opaque handle type), and what a device supports of that.

#include <utility>

#include <vulkan/vulkan.h>

#include "engine/vk/external_support.h"

namespace fl {

class Device;

// What shared buffers are made for, and what a driver is asked about: shaders read them, they are cleared at the
// beginning, and copied by whoever wants to look at one.
inline constexpr VkBufferUsageFlags kSharedBufferUsage =
    VK_BUFFER_USAGE_STORAGE_BUFFER_BIT | VK_BUFFER_USAGE_TRANSFER_DST_BIT | VK_BUFFER_USAGE_TRANSFER_SRC_BIT;

// Asks the driver; buffers as the frame ring uses them, semaphores of the timeline type.
ExternalSupport query_external_support(VkPhysicalDevice physical);

// Sole owner of a POSIX descriptor; closes it unless somebody took it.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor();

  [[nodiscard]] int get() const { return fd_; }
  // The caller, or the API it was given to, closes it now.
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_ = -1;
};

// Descriptors of their own, any number of them. Throw VulkanError. Preconditions: the memory was allocated
// for export (BufferMemory::kShared), the semaphore made so (make_timeline), and the device has the
// extension.
FileDescriptor export_memory(const Device& device, VkDeviceMemory memory);
FileDescriptor export_semaphore(const Device& device, VkSemaphore semaphore);

}  // namespace fl
