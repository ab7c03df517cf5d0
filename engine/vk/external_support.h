#pragma once
// What a Vulkan device says of sharing memory and semaphores with another API through POSIX descriptors.
// Plain values, so that decisions made from them can be tested over recorded devices.

#include <string>

#include "trainer/base/device_uuid.h"

namespace fl {

struct ExternalSupport {
  std::string device;
  DeviceUuid uuid{};  // VkPhysicalDeviceIDProperties: what CUDA calls the same card by
  bool is_cpu = false;
  bool memory_fd = false;     // VK_KHR_external_memory_fd
  bool semaphore_fd = false;  // VK_KHR_external_semaphore_fd
  bool timeline = false;      // timelineSemaphore
  bool synchronization2 = false;
  // Through opaque descriptors:
  bool exports_buffers = false, imports_buffers = false;  // storage buffers
  bool exports_timelines = false;                         // timeline semaphores
};

}  // namespace fl
