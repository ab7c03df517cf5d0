#pragma once
// Timeline semaphores: counters that the device, the host or another API raise and wait for.

#include <chrono>
#include <cstdint>
#include <string_view>

#include <vulkan/vulkan.h>

#include "engine/vk/device.h"

namespace fl {

// A semaphore in a submission: to be waited for, or to be signalled.
struct SemaphoreUse {
  VkSemaphore semaphore = VK_NULL_HANDLE;
  std::uint64_t value = 0;  // of a timeline; a binary one has none
  VkPipelineStageFlags2 stage = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT;
  // Executed between the wait and the submission's own commands, or between those and the signal: takes over from
  // another API what the semaphore guards, or hands it back. Null: nothing.
  VkCommandBuffer commands = VK_NULL_HANDLE;
};

// Begins at 0. `exported`: its descriptor can be given away (export_semaphore); the device supports that.
SemaphoreHandle make_timeline(const Device& device, bool exported = false);

// Does not wait. From any thread.
std::uint64_t timeline_value(const Device& device, VkSemaphore timeline);

// Waits on the host for what this device or the host signals. Throws VulkanError(VK_TIMEOUT) that says what was waited for: "frame 12".
void wait_for_timeline(const Device& device, VkSemaphore timeline, std::uint64_t value,
                       std::chrono::milliseconds timeout, std::string_view what);

// The same for what another API may signal, by looking every now and then: a driver need not wake a wait for that.
void poll_timeline(const Device& device, VkSemaphore timeline, std::uint64_t value, std::chrono::milliseconds timeout,
                   std::string_view what);

}  // namespace fl
