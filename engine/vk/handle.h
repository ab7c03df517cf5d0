#pragma once
// Handle: sole owner of one Vulkan object that a device destroys. Move-only; the destructor cannot throw.

#include <utility>

#include <vulkan/vulkan.h>

namespace fl {

template <typename T, void (*Destroy)(VkDevice, T, const VkAllocationCallbacks*)>
class Handle {
 public:
  Handle() = default;
  Handle(VkDevice device, T object) : device_(device), object_(object) {}
  Handle(Handle&& other) noexcept
      : device_(other.device_), object_(std::exchange(other.object_, VK_NULL_HANDLE)) {}
  Handle& operator=(Handle&& other) noexcept {
    if (this != &other) {
      reset();
      device_ = other.device_;
      object_ = std::exchange(other.object_, VK_NULL_HANDLE);
    }
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { reset(); }

  void reset() noexcept {
    if (object_ != VK_NULL_HANDLE) Destroy(device_, std::exchange(object_, VK_NULL_HANDLE), nullptr);
  }
  [[nodiscard]] T get() const { return object_; }
  explicit operator bool() const { return object_ != VK_NULL_HANDLE; }

 private:
  VkDevice device_ = VK_NULL_HANDLE;
  T object_ = VK_NULL_HANDLE;
};

using BufferHandle = Handle<VkBuffer, vkDestroyBuffer>;
using MemoryHandle = Handle<VkDeviceMemory, vkFreeMemory>;
using ImageHandle = Handle<VkImage, vkDestroyImage>;
using ImageViewHandle = Handle<VkImageView, vkDestroyImageView>;
using SamplerHandle = Handle<VkSampler, vkDestroySampler>;
using SetLayoutHandle = Handle<VkDescriptorSetLayout, vkDestroyDescriptorSetLayout>;
using DescriptorPoolHandle = Handle<VkDescriptorPool, vkDestroyDescriptorPool>;
using PipelineLayoutHandle = Handle<VkPipelineLayout, vkDestroyPipelineLayout>;
using PipelineHandle = Handle<VkPipeline, vkDestroyPipeline>;
using ShaderModuleHandle = Handle<VkShaderModule, vkDestroyShaderModule>;
using CommandPoolHandle = Handle<VkCommandPool, vkDestroyCommandPool>;
using SemaphoreHandle = Handle<VkSemaphore, vkDestroySemaphore>;
using RenderPassHandle = Handle<VkRenderPass, vkDestroyRenderPass>;
using FramebufferHandle = Handle<VkFramebuffer, vkDestroyFramebuffer>;
using SwapchainHandle = Handle<VkSwapchainKHR, vkDestroySwapchainKHR>;

}  // namespace fl
