#pragma once
// VK_CHECK: every Vulkan call that can fail is wrapped in it, in release too. What fails here is a broken
// driver, an exhausted device or a mistake of ours; it travels as an exception that names the place, so
// that the loop that joins both sides can save the run, and, on a lost device, say so instead of spinning.

#include <stdexcept>
#include <string>

#include <vulkan/vulkan.h>

namespace fl {

// "VK_ERROR_DEVICE_LOST" and so on; "VkResult 123" for a code this file does not know.
std::string result_name(VkResult result);

// What is used up or gone, and what to do: two half sentences; both empty for any other code.
struct Exhaustion {
  std::string what, advice;
};
Exhaustion exhaustion_of(VkResult result);
// Both in one sentence without its full stop.
std::string exhaustion_text(VkResult result);

class VulkanError : public std::runtime_error {
 public:
  VulkanError(const std::string& message, VkResult result) : std::runtime_error(message), result_(result) {}
  [[nodiscard]] VkResult result() const { return result_; }
  [[nodiscard]] bool device_lost() const { return result_ == VK_ERROR_DEVICE_LOST; }
  [[nodiscard]] bool surface_lost() const { return result_ == VK_ERROR_SURFACE_LOST_KHR; }

 private:
  VkResult result_;
};

// Throws a VulkanError. `expression` begins with the name of the call that gave `result`.
[[noreturn]] void vulkan_failed(const char* file, int line, const char* expression, VkResult result);

}  // namespace fl

#define VK_CHECK(expression)                                                                       \
  do {                                                                                             \
    if (const VkResult vk_check_result = (expression); vk_check_result != VK_SUCCESS) [[unlikely]] \
      ::fl::vulkan_failed(__FILE__, __LINE__, #expression, vk_check_result);                       \
  } while (false)
