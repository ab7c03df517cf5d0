#pragma once
// The logical device: Vulkan 1.3 with dynamic rendering, synchronization2 and timeline semaphores, and one
// queue for everything. Small networks and one stage need no second queue; one order is one thing less to
// get wrong. All calls on a Device come from one thread, the renderer's; only counters may be read, and
// pictures presented (presenter.h), on another.

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include <vulkan/vulkan.h>

#include "engine/vk/external_support.h"
#include "engine/vk/handle.h"
#include "engine/vk/instance.h"
#include "trainer/base/result.h"

namespace fl {

struct DeviceOptions {
  std::string name;                       // part of a device's name; empty: discrete > integrated > CPU
  VkSurfaceKHR surface = VK_NULL_HANDLE;  // when given, the device can present to it
  // Where no name is given, the device that trains, if Vulkan has it and it will do: see device_choice.h.
  std::optional<DeviceUuid> trainer = {};
};

class Device {
 public:
  // Behind a pointer because everything made from a device keeps its address.
  static Result<std::unique_ptr<Device>> create(const Instance& instance, const DeviceOptions& options = {});
  ~Device();
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  [[nodiscard]] VkDevice handle() const { return device_; }
  [[nodiscard]] VkInstance instance() const { return instance_; }
  [[nodiscard]] VkPhysicalDevice physical() const { return physical_; }
  // Vulkan wants one thread at a time at a queue: whoever uses it holds its lock meanwhile.
  [[nodiscard]] VkQueue queue() const { return queue_; }
  [[nodiscard]] std::unique_lock<std::mutex> lock_queue() const { return std::unique_lock(queue_mutex_); }
  [[nodiscard]] std::uint32_t queue_family() const { return queue_family_; }
  [[nodiscard]] const VkPhysicalDeviceLimits& limits() const { return properties_.limits; }
  [[nodiscard]] std::string name() const { return properties_.deviceName; }
  [[nodiscard]] bool is_cpu() const { return properties_.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU; }

  // Its extensions are enabled where the device has them.
  [[nodiscard]] const ExternalSupport& external() const { return external_; }

  // A memory type in `bits` with all `required` flags and, where there is one, all `preferred` too.
  // Throws VulkanError(VK_ERROR_FEATURE_NOT_PRESENT) where there is none.
  [[nodiscard]] std::uint32_t memory_type(std::uint32_t bits, VkMemoryPropertyFlags required,
                                          VkMemoryPropertyFlags preferred) const;
  // The largest count <= wanted that colour and depth attachments both support.
  [[nodiscard]] VkSampleCountFlagBits sample_count(std::uint32_t wanted) const;

  // Records, submits and waits: for uploads and read-backs, never inside a frame. Ten seconds at most.
  void run_once(const std::function<void(VkCommandBuffer)>& record);
  // Waits for the queue, whose lock the caller does not hold; never throws, so that destructors may call it.
  void wait_idle() const noexcept;

 private:
  Device() = default;
  VkInstance instance_ = VK_NULL_HANDLE;
  VkPhysicalDevice physical_ = VK_NULL_HANDLE;
  VkDevice device_ = VK_NULL_HANDLE;
  VkQueue queue_ = VK_NULL_HANDLE;
  mutable std::mutex queue_mutex_;
  std::uint32_t queue_family_ = 0;
  VkPhysicalDeviceProperties properties_{};
  VkPhysicalDeviceMemoryProperties memory_{};
  ExternalSupport external_;
};

}  // namespace fl
