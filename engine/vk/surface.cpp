#include "engine/vk/surface.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "engine/vk/check.h"

// GLFW declares this only where it includes Vulkan itself.
extern "C" VkResult glfwCreateWindowSurface(VkInstance, GLFWwindow*, const VkAllocationCallbacks*,
                                            VkSurfaceKHR*);

namespace fl {

std::vector<const char*> window_extensions() {
  std::uint32_t count = 0;
  const char** names = glfwGetRequiredInstanceExtensions(&count);
  return names == nullptr ? std::vector<const char*>{} : std::vector<const char*>(names, names + count);
}

Result<WindowSurface> WindowSurface::create(VkInstance instance, GLFWwindow* window) {
  VkSurfaceKHR surface = VK_NULL_HANDLE;
  const VkResult result = glfwCreateWindowSurface(instance, window, nullptr, &surface);
  if (result != VK_SUCCESS)
    return error("The window cannot be drawn to with Vulkan ({}); fallline render works without a window",
                 result_name(result));
  return WindowSurface(instance, surface);
}

}  // namespace fl
