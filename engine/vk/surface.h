#pragma once
// Where GLFW's window and Vulkan meet.

#include <utility>
#include <vector>

#include <vulkan/vulkan.h>

#include "engine/vk/instance.h"

struct GLFWwindow;

namespace fl {

// For InstanceOptions::extensions. Empty where GLFW finds no Vulkan. After glfwInit.
std::vector<const char*> window_extensions();

class WindowSurface {
 public:
  // `window` was made with GLFW_CLIENT_API = GLFW_NO_API. The surface goes before window and instance.
  static Result<WindowSurface> create(VkInstance instance, GLFWwindow* window);
  WindowSurface(WindowSurface&& other) noexcept
      : instance_(other.instance_), surface_(std::exchange(other.surface_, VK_NULL_HANDLE)) {}
  WindowSurface& operator=(WindowSurface&& other) noexcept {
    std::swap(instance_, other.instance_);
    std::swap(surface_, other.surface_);
    return *this;
  }
  ~WindowSurface() {
    if (surface_ != VK_NULL_HANDLE) vkDestroySurfaceKHR(instance_, surface_, nullptr);
  }
  [[nodiscard]] VkSurfaceKHR handle() const { return surface_; }

 private:
  WindowSurface(VkInstance instance, VkSurfaceKHR surface) : instance_(instance), surface_(surface) {}
  VkInstance instance_ = VK_NULL_HANDLE;
  VkSurfaceKHR surface_ = VK_NULL_HANDLE;
};

}  // namespace fl
