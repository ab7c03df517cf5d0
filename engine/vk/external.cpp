#include "engine/vk/external.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include <unistd.h>

#include "engine/vk/check.h"
#include "engine/vk/device.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

bool exports_timelines(VkPhysicalDevice physical) {
  // Without the type in the chain the driver answers for binary semaphores.
  VkSemaphoreTypeCreateInfo type{VK_STRUCTURE_TYPE_SEMAPHORE_TYPE_CREATE_INFO};
  type.semaphoreType = VK_SEMAPHORE_TYPE_TIMELINE;
  VkPhysicalDeviceExternalSemaphoreInfo info{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_EXTERNAL_SEMAPHORE_INFO};
  info.pNext = &type;
  info.handleType = VK_EXTERNAL_SEMAPHORE_HANDLE_TYPE_OPAQUE_FD_BIT;
  VkExternalSemaphoreProperties properties{VK_STRUCTURE_TYPE_EXTERNAL_SEMAPHORE_PROPERTIES};
  vkGetPhysicalDeviceExternalSemaphoreProperties(physical, &info, &properties);
  return (properties.externalSemaphoreFeatures & VK_EXTERNAL_SEMAPHORE_FEATURE_EXPORTABLE_BIT) != 0;
}

VkExternalMemoryFeatureFlags buffer_features(VkPhysicalDevice physical) {
  VkPhysicalDeviceExternalBufferInfo info{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_EXTERNAL_BUFFER_INFO};
  info.usage = kSharedBufferUsage;
  info.handleType = VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT;
  VkExternalBufferProperties properties{VK_STRUCTURE_TYPE_EXTERNAL_BUFFER_PROPERTIES};
  vkGetPhysicalDeviceExternalBufferProperties(physical, &info, &properties);
  return properties.externalMemoryProperties.externalMemoryFeatures;
}

}  // namespace

ExternalSupport query_external_support(VkPhysicalDevice physical) {
  VkPhysicalDeviceIDProperties id{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_ID_PROPERTIES};
  VkPhysicalDeviceProperties2 properties{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
  properties.pNext = &id;
  vkGetPhysicalDeviceProperties2(physical, &properties);
  VkPhysicalDeviceVulkan13Features v13{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES};
  VkPhysicalDeviceVulkan12Features v12{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
  v12.pNext = &v13;
  VkPhysicalDeviceFeatures2 features{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2};
  features.pNext = &v12;
  vkGetPhysicalDeviceFeatures2(physical, &features);
  std::uint32_t count = 0;
  VK_CHECK(vkEnumerateDeviceExtensionProperties(physical, nullptr, &count, nullptr));
  std::vector<VkExtensionProperties> extensions(count);
  VK_CHECK(vkEnumerateDeviceExtensionProperties(physical, nullptr, &count, extensions.data()));
  const auto has = [&extensions](const char* name) {
    return std::ranges::any_of(extensions, [name](const VkExtensionProperties& extension) {
      return std::strcmp(extension.extensionName, name) == 0;
    });
  };

  ExternalSupport support;
  support.device = properties.properties.deviceName;
  std::ranges::copy(id.deviceUUID, support.uuid.begin());
  support.is_cpu = properties.properties.deviceType == VK_PHYSICAL_DEVICE_TYPE_CPU;
  support.memory_fd = has(VK_KHR_EXTERNAL_MEMORY_FD_EXTENSION_NAME);
  support.semaphore_fd = has(VK_KHR_EXTERNAL_SEMAPHORE_FD_EXTENSION_NAME);
  support.timeline = v12.timelineSemaphore == VK_TRUE;
  support.synchronization2 = v13.synchronization2 == VK_TRUE;
  const VkExternalMemoryFeatureFlags buffers = buffer_features(physical);
  support.exports_buffers = (buffers & VK_EXTERNAL_MEMORY_FEATURE_EXPORTABLE_BIT) != 0;
  support.imports_buffers = (buffers & VK_EXTERNAL_MEMORY_FEATURE_IMPORTABLE_BIT) != 0;
  support.exports_timelines = support.timeline && exports_timelines(physical);
  return support;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

FileDescriptor export_memory(const Device& device, VkDeviceMemory memory) {
  FL_CHECK(device.external().memory_fd);
  const auto get =
      reinterpret_cast<PFN_vkGetMemoryFdKHR>(vkGetDeviceProcAddr(device.handle(), "vkGetMemoryFdKHR"));
  FL_CHECK(get != nullptr);
  VkMemoryGetFdInfoKHR info{VK_STRUCTURE_TYPE_MEMORY_GET_FD_INFO_KHR};
  info.memory = memory;
  info.handleType = VK_EXTERNAL_MEMORY_HANDLE_TYPE_OPAQUE_FD_BIT;
  int fd = -1;
  VK_CHECK(get(device.handle(), &info, &fd));
  return FileDescriptor(fd);
}

FileDescriptor export_semaphore(const Device& device, VkSemaphore semaphore) {
  FL_CHECK(device.external().semaphore_fd);
  const auto get =
      reinterpret_cast<PFN_vkGetSemaphoreFdKHR>(vkGetDeviceProcAddr(device.handle(), "vkGetSemaphoreFdKHR"));
  FL_CHECK(get != nullptr);
  VkSemaphoreGetFdInfoKHR info{VK_STRUCTURE_TYPE_SEMAPHORE_GET_FD_INFO_KHR};
  info.semaphore = semaphore;
  info.handleType = VK_EXTERNAL_SEMAPHORE_HANDLE_TYPE_OPAQUE_FD_BIT;
  int fd = -1;
  VK_CHECK(get(device.handle(), &info, &fd));
  return FileDescriptor(fd);
}

}  // namespace fl
