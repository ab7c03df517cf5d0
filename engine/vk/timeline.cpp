#include "engine/vk/timeline.h"

#include <thread>

#include "engine/vk/check.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

// A frame takes a millisecond to write: this costs it little, and the host less.
constexpr std::chrono::microseconds kPollPause{200};

[[noreturn]] void throw_timeout(std::chrono::milliseconds timeout, std::string_view what) {
  throw VulkanError(fmt::format("Waited {:.3g} s for {}, without success",
                                std::chrono::duration<double>(timeout).count(), what),
                    VK_TIMEOUT);
}

}  // namespace

SemaphoreHandle make_timeline(const Device& device, bool exported) {
  FL_CHECK(!exported || (device.external().semaphore_fd && device.external().exports_timelines));
  VkExportSemaphoreCreateInfo share{VK_STRUCTURE_TYPE_EXPORT_SEMAPHORE_CREATE_INFO};
  share.handleTypes = VK_EXTERNAL_SEMAPHORE_HANDLE_TYPE_OPAQUE_FD_BIT;
  VkSemaphoreTypeCreateInfo type{VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO};
  type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE;
  if (exported) type.pNext = &share;
  VkSemaphoreCreateInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_CREATE_INFO};
  info.pNext = &type;
  VkSemaphore semaphore = VK_NULL_HANDLE;
  VK_CHECK(vkCreateSemaphore(device.handle(), &info, nullptr, &semaphore));
  return {device.handle(), semaphore};
}

std::uint64_t timeline_value(const Device& device, VkSemaphore timeline) {
  std::uint64_t value = 0;
  VK_CHECK(vkGetSemaphoreCounterValue(device.handle(), timeline, &value));
  return value;
}

void wait_for_timeline(const Device& device, VkSemaphore timeline, std::uint64_t value,
                       std::chrono::milliseconds timeout, std::string_view what) {
  VkSemaphoreWaitInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO};
  info.semaphoreCount = 1;
  info.pSemaphores = &timeline;
  info.pValues = &value;
  const VkResult result = vkWaitSemaphores(
      device.handle(), &info, static_cast<std::uint64_t>(std::chrono::nanoseconds(timeout).count()));
  if (result == VK_SUCCESS) return;
  if (result == VK_TIMEOUT) throw_timeout(timeout, what);
  throw VulkanError(fmt::format("Waiting for {} returned {}", what, result_name(result)), result);
}

void poll_timeline(const Device& device, VkSemaphore timeline, std::uint64_t value, std::chrono::milliseconds timeout,
                   std::string_view what) {
  const auto end = std::chrono::steady_clock::now() + timeout;
  while (timeline_value(device, timeline) < value) {
    if (std::chrono::steady_clock::now() >= end) throw_timeout(timeout, what);
    std::this_thread::sleep_for(kPollPause);
  }
}

}  // namespace fl
