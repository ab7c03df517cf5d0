// A Vulkan that has nothing left, preloaded into the program: the FALLLINE_TEST_REFUSE_AT-th call (the first where that
// is not set) of the function named in FALLLINE_TEST_REFUSE, and all behind it, return FALLLINE_TEST_RESULT.
#include <atomic>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <vulkan/vulkan.h>

#include "tests/support/vulkan_loader.h"

namespace {

const char* text_in(const char* variable) {
  const char* value = std::getenv(variable);
  return value == nullptr ? "" : value;
}

bool refuses(const char* name) {
  static std::atomic<long> calls{0};
  if (std::strcmp(text_in("FALLLINE_TEST_REFUSE"), name) != 0) return false;
  return ++calls >= std::strtol(text_in("FALLLINE_TEST_REFUSE_AT"), nullptr, 10);
}

template <typename F, typename... Arguments>
VkResult answer(const char* name, Arguments... arguments) {
  if (refuses(name)) return static_cast<VkResult>(std::strtol(text_in("FALLLINE_TEST_RESULT"), nullptr, 10));
  return reinterpret_cast<F>(::dlsym(fl::testing::vulkan_loader(), name))(arguments...);
}

}  // namespace

// CREATES: the many calls that take an owner, what to make, an allocator and where it goes.
#define CREATES(name, Owner, Info, Made)                                                                            \
  VKAPI_ATTR VkResult VKAPI_CALL name(Owner owner, const Info* info, const VkAllocationCallbacks* a, Made* made) { \
    return answer<PFN_##name>(#name, owner, info, a, made);                                                         \
  }

extern "C" {

CREATES(vkCreateBuffer, VkDevice, VkBufferCreateInfo, VkBuffer)
CREATES(vkCreateCommandPool, VkDevice, VkCommandPoolCreateInfo, VkCommandPool)
CREATES(vkCreateDescriptorPool, VkDevice, VkDescriptorPoolCreateInfo, VkDescriptorPool)
CREATES(vkCreateDescriptorSetLayout, VkDevice, VkDescriptorSetLayoutCreateInfo, VkDescriptorSetLayout)
CREATES(vkCreateFramebuffer, VkDevice, VkFramebufferCreateInfo, VkFramebuffer)
CREATES(vkCreateImage, VkDevice, VkImageCreateInfo, VkImage)
CREATES(vkCreateImageView, VkDevice, VkImageViewCreateInfo, VkImageView)
CREATES(vkCreatePipelineLayout, VkDevice, VkPipelineLayoutCreateInfo, VkPipelineLayout)
CREATES(vkCreateRenderPass, VkDevice, VkRenderPassCreateInfo, VkRenderPass)
CREATES(vkCreateSampler, VkDevice, VkSamplerCreateInfo, VkSampler)
CREATES(vkCreateSemaphore, VkDevice, VkSemaphoreCreateInfo, VkSemaphore)
CREATES(vkCreateShaderModule, VkDevice, VkShaderModuleCreateInfo, VkShaderModule)
CREATES(vkCreateSwapchainKHR, VkDevice, VkSwapchainCreateInfoKHR, VkSwapchainKHR)
CREATES(vkAllocateMemory, VkDevice, VkMemoryAllocateInfo, VkDeviceMemory)
CREATES(vkCreateDevice, VkPhysicalDevice, VkDeviceCreateInfo, VkDevice)

#define ANSWERS(name, parameters, ...)                  \
  VKAPI_ATTR VkResult VKAPI_CALL name parameters {      \
    return answer<PFN_##name>(#name, __VA_ARGS__);      \
  }

ANSWERS(vkCreateInstance, (const VkInstanceCreateInfo* i, const VkAllocationCallbacks* a, VkInstance* made), i, a, made)
ANSWERS(vkEnumeratePhysicalDevices, (VkInstance i, uint32_t* count, VkPhysicalDevice* devices), i, count, devices)
ANSWERS(vkCreateComputePipelines, (VkDevice d, VkPipelineCache c, uint32_t n, const VkComputePipelineCreateInfo* i,
         const VkAllocationCallbacks* a, VkPipeline* made), d, c, n, i, a, made)
ANSWERS(vkCreateGraphicsPipelines, (VkDevice d, VkPipelineCache c, uint32_t n, const VkGraphicsPipelineCreateInfo* i,
         const VkAllocationCallbacks* a, VkPipeline* made), d, c, n, i, a, made)
ANSWERS(vkAllocateCommandBuffers, (VkDevice d, const VkCommandBufferAllocateInfo* i, VkCommandBuffer* made), d, i, made)
ANSWERS(vkAllocateDescriptorSets, (VkDevice d, const VkDescriptorSetAllocateInfo* i, VkDescriptorSet* made), d, i, made)
ANSWERS(vkMapMemory, (VkDevice d, VkDeviceMemory m, VkDeviceSize at, VkDeviceSize n, VkMemoryMapFlags f, void** data), d, m, at, n, f, data)
ANSWERS(vkBindBufferMemory, (VkDevice d, VkBuffer b, VkDeviceMemory m, VkDeviceSize at), d, b, m, at)
ANSWERS(vkBindImageMemory, (VkDevice d, VkImage i, VkDeviceMemory m, VkDeviceSize at), d, i, m, at)
ANSWERS(vkBeginCommandBuffer, (VkCommandBuffer c, const VkCommandBufferBeginInfo* i), c, i)
ANSWERS(vkEndCommandBuffer, (VkCommandBuffer c), c)
ANSWERS(vkResetCommandPool, (VkDevice d, VkCommandPool p, VkCommandPoolResetFlags f), d, p, f)
ANSWERS(vkQueueSubmit2, (VkQueue q, uint32_t n, const VkSubmitInfo2* i, VkFence f), q, n, i, f)
ANSWERS(vkGetSwapchainImagesKHR, (VkDevice d, VkSwapchainKHR s, uint32_t* n, VkImage* images), d, s, n, images)
ANSWERS(vkAcquireNextImageKHR, (VkDevice d, VkSwapchainKHR s, uint64_t t, VkSemaphore w, VkFence f, uint32_t* i), d, s, t, w, f, i)
ANSWERS(vkQueuePresentKHR, (VkQueue q, const VkPresentInfoKHR* i), q, i)

}  // extern "C"
