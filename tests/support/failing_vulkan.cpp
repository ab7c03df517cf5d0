#include "tests/support/failing_vulkan.h"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <utility>

#include <dlfcn.h>

#include "tests/support/vulkan_loader.h"

namespace {

std::atomic<int> failures{0};
std::atomic<VkResult> failure{VK_SUCCESS};
std::atomic<bool> lost{false};
std::atomic<bool> asleep{false};
std::atomic<bool> watched{false};
std::vector<VkCommandBuffer> seen;  // of the one thread that submits

// Validation layer 1.3.239 stalls for ten seconds, and then calls it "most likely a validation bug", where
// one thread looks at a timeline while another raises it: between its driver's call and its own note of it.
// Not with this.
std::mutex counters;

long number_in(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? 0 : std::strtol(value, nullptr, 10);
}

template <typename F>
F loaders(const char* name) {
  return reinterpret_cast<F>(::dlsym(fl::testing::vulkan_loader(), name));
}

}  // namespace

void fl::testing::fail_submissions(VkResult result, int times) {
  failure = result;
  failures = times;
}

void fl::testing::watch_submissions() {
  watched = true;
}
std::vector<VkCommandBuffer> fl::testing::last_submission() {
  watched = false;
  return std::exchange(seen, {});
}

void fl::testing::sleep_through_signals(bool sleep) {
  asleep = sleep;
}

extern "C" {

VKAPI_ATTR VkResult VKAPI_CALL vkQueueSubmit2(VkQueue queue, uint32_t count, const VkSubmitInfo2* infos,
                                              VkFence fence) {
  static const auto real = loaders<PFN_vkQueueSubmit2>("vkQueueSubmit2");
  static const long last = number_in("FALLLINE_TEST_LOSE_AT");
  static std::atomic<long> calls{0};
  if (last > 0 && ++calls == last) lost = true;
  if (lost) return VK_ERROR_DEVICE_LOST;
  if (failures > 0) {
    --failures;
    return failure;
  }
  if (watched) {
    seen.clear();
    for (uint32_t i = 0; i < count; ++i)
      for (uint32_t c = 0; c < infos[i].commandBufferInfoCount; ++c)
        seen.push_back(infos[i].pCommandBufferInfos[c].commandBuffer);
  }
  return real(queue, count, infos, fence);
}

VKAPI_ATTR VkResult VKAPI_CALL vkSignalSemaphore(VkDevice device, const VkSemaphoreSignalInfo* info) {
  static const auto real = loaders<PFN_vkSignalSemaphore>("vkSignalSemaphore");
  const std::scoped_lock lock(counters);
  return real(device, info);
}

// A lost device answers nothing else either.
VKAPI_ATTR VkResult VKAPI_CALL vkGetSemaphoreCounterValue(VkDevice device, VkSemaphore semaphore,
                                                          uint64_t* value) {
  static const auto real = loaders<PFN_vkGetSemaphoreCounterValue>("vkGetSemaphoreCounterValue");
  if (lost) return VK_ERROR_DEVICE_LOST;
  const std::scoped_lock lock(counters);
  return real(device, semaphore, value);
}

VKAPI_ATTR VkResult VKAPI_CALL vkWaitSemaphores(VkDevice device, const VkSemaphoreWaitInfo* info,
                                                uint64_t timeout) {
  static const auto real = loaders<PFN_vkWaitSemaphores>("vkWaitSemaphores");
  static const long given_up = number_in("FALLLINE_TEST_TIME_OUT_AT");
  static std::atomic<long> waits{0};
  if (given_up > 0 && ++waits == given_up) return VK_TIMEOUT;
  const auto end = std::chrono::steady_clock::now() + std::chrono::nanoseconds(timeout);
  for (;;) {
    if (lost) return VK_ERROR_DEVICE_LOST;
    if (!asleep) {
      const std::scoped_lock lock(counters);
      if (const VkResult result = real(device, info, 0); result != VK_TIMEOUT) return result;
    }
    if (std::chrono::steady_clock::now() >= end) return VK_TIMEOUT;
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
}

VKAPI_ATTR VkResult VKAPI_CALL vkDeviceWaitIdle(VkDevice device) {
  static const auto real = loaders<PFN_vkDeviceWaitIdle>("vkDeviceWaitIdle");
  const VkResult result = real(device);  // what was submitted before does end: its memory may go
  return lost ? VK_ERROR_DEVICE_LOST : result;
}

VKAPI_ATTR VkResult VKAPI_CALL vkQueuePresentKHR(VkQueue queue, const VkPresentInfoKHR* info) {
  static const auto real = loaders<PFN_vkQueuePresentKHR>("vkQueuePresentKHR");
  return lost ? VK_ERROR_DEVICE_LOST : real(queue, info);
}

}  // extern "C"
