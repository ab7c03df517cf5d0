#pragma once
// Frames in flight: the host records frame n while the device still draws n - 1. One timeline semaphore
// counts finished frames; what a frame used (a slot of the ring, a list of lines) is free again when the
// count has reached its number.

#include <array>
#include <cstdint>
#include <span>

#include <vulkan/vulkan.h>

#include "engine/vk/device.h"
#include "engine/vk/timeline.h"

namespace fl {

struct FrameInFlight {
  std::uint32_t index = 0;   // which of the copies of per-frame memory
  std::uint64_t number = 0;  // 1, 2, 3, ...
  VkCommandBuffer cmd = VK_NULL_HANDLE;
};

class FramesInFlight {
 public:
  static constexpr std::uint32_t kCount = 2;

  explicit FramesInFlight(Device& device);
  ~FramesInFlight();
  FramesInFlight(const FramesInFlight&) = delete;
  FramesInFlight& operator=(const FramesInFlight&) = delete;

  // Waits until the frame two back is done (five seconds at most, then VulkanError(VK_TIMEOUT)) and begins
  // its command buffer anew.
  FrameInFlight begin();
  // A frame that failed to submit is forgotten: its number is used again, and nothing ever waits for it.
  // `waits` and `signals`: up to four each, beside the frame's own; null semaphores among them are left out.
  void submit(const FrameInFlight& frame, std::span<const SemaphoreUse> waits = {},
              std::span<const SemaphoreUse> signals = {});
  // The number of the last finished frame; does not wait.
  [[nodiscard]] std::uint64_t completed() const;
  // Waits for all submitted frames.
  void wait_all();

 private:
  void wait_for(std::uint64_t number);

  Device& device_;
  struct Commands {
    CommandPoolHandle pool;
    VkCommandBuffer cmd = VK_NULL_HANDLE;
  };
  std::array<Commands, kCount> commands_;
  SemaphoreHandle timeline_;
  std::uint64_t submitted_ = 0;
};

}  // namespace fl
