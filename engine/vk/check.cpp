#include "engine/vk/check.h"

#include <string_view>

#include <fmt/format.h>

namespace fl {

std::string result_name(VkResult result) {
#define FL_NAME(code) \
  case code:          \
    return #code
  switch (result) {
    FL_NAME(VK_SUCCESS);
    FL_NAME(VK_NOT_READY);
    FL_NAME(VK_TIMEOUT);
    FL_NAME(VK_INCOMPLETE);
    FL_NAME(VK_SUBOPTIMAL_KHR);
    FL_NAME(VK_ERROR_OUT_OF_HOST_MEMORY);
    FL_NAME(VK_ERROR_OUT_OF_DEVICE_MEMORY);
    FL_NAME(VK_ERROR_INITIALIZATION_FAILED);
    FL_NAME(VK_ERROR_DEVICE_LOST);
    FL_NAME(VK_ERROR_MEMORY_MAP_FAILED);
    FL_NAME(VK_ERROR_LAYER_NOT_PRESENT);
    FL_NAME(VK_ERROR_EXTENSION_NOT_PRESENT);
    FL_NAME(VK_ERROR_FEATURE_NOT_PRESENT);
    FL_NAME(VK_ERROR_INCOMPATIBLE_DRIVER);
    FL_NAME(VK_ERROR_TOO_MANY_OBJECTS);
    FL_NAME(VK_ERROR_FORMAT_NOT_SUPPORTED);
    FL_NAME(VK_ERROR_FRAGMENTED_POOL);
    FL_NAME(VK_ERROR_OUT_OF_POOL_MEMORY);
    FL_NAME(VK_ERROR_SURFACE_LOST_KHR);
    FL_NAME(VK_ERROR_NATIVE_WINDOW_IN_USE_KHR);
    FL_NAME(VK_ERROR_OUT_OF_DATE_KHR);
    FL_NAME(VK_ERROR_UNKNOWN);
    default:
      return fmt::format("VkResult {}", static_cast<int>(result));
  }
#undef FL_NAME
}

Exhaustion exhaustion_of(VkResult result) {
  const auto named = [result](std::string_view what) {
    return fmt::format("{} ({})", what, result_name(result));
  };
  switch (result) {
    case VK_ERROR_OUT_OF_DEVICE_MEMORY:
    case VK_ERROR_FRAGMENTED_POOL:
    case VK_ERROR_OUT_OF_POOL_MEMORY:
      return {
          named("The graphics device has no memory left"),
          "draw a smaller picture (a smaller window or --size), close other programs that draw, or draw on "
          "another device with --device"};
    case VK_ERROR_OUT_OF_HOST_MEMORY:
    case VK_ERROR_MEMORY_MAP_FAILED:
      return {named("The computer has no memory left for the graphics driver"),
              "close other programs, or draw a smaller picture (a smaller window or --size)"};
    case VK_ERROR_TOO_MANY_OBJECTS:
      return {named("The graphics driver takes no more objects"),
              "close other programs that draw, or draw on another device with --device"};
    case VK_ERROR_DEVICE_LOST:
      return {named("The graphics device was lost"),
              "start it again, or draw on another device with --device"};
    default:
      return {};
  }
}

std::string exhaustion_text(VkResult result) {
  const auto [what, advice] = exhaustion_of(result);
  return what.empty() ? what : fmt::format("{}; {}", what, advice);
}

void vulkan_failed(const char* file, int line, const char* expression, VkResult result) {
  if (const std::string text = exhaustion_text(result); !text.empty()) throw VulkanError(text, result);
  // The call, and where it stands for those who mend it, without somebody's folders.
  const std::string_view path(file), call(expression);
  throw VulkanError(
      fmt::format("The graphics driver failed: {} returned {} ({}:{}); update the driver, or draw on "
                  "another device with --device",
                  call.substr(0, call.find('(')), result_name(result), path.substr(path.rfind('/') + 1),
                  line),
      result);
}

}  // namespace fl
