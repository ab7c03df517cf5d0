#include "engine/vk/check.h"

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

void vulkan_failed(const char* file, int line, const char* expression, VkResult result) {
  throw VulkanError(fmt::format("{}:{}: {} returned {}", file, line, expression, result_name(result)),
                    result);
}

}  // namespace fl
