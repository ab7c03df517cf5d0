#include "engine/vk/device.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <vector>

#include "engine/vk/check.h"
#include "engine/vk/device_choice.h"
#include "engine/vk/external.h"
#include "engine/vk/timeline.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

constexpr std::chrono::seconds kRunOnceTimeout{10};

std::optional<std::uint32_t> find_queue_family(VkPhysicalDevice physical, VkSurfaceKHR surface) {
  std::uint32_t count = 0;
  vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, nullptr);
  std::vector<VkQueueFamilyProperties> families(count);
  vkGetPhysicalDeviceQueueFamilyProperties(physical, &count, families.data());
  for (std::uint32_t i = 0; i < count; ++i) {
    constexpr VkQueueFlags kNeeded = VK_QUEUE_GRAPHICS_BIT | VK_QUEUE_COMPUTE_BIT;
    if ((families[i].queueFlags & kNeeded) != kNeeded) continue;
    VkBool32 presents = VK_TRUE;
    if (surface != VK_NULL_HANDLE &&
        vkGetPhysicalDeviceSurfaceSupportKHR(physical, i, surface, &presents) != VK_SUCCESS)
      presents = VK_FALSE;
    if (presents == VK_TRUE) return i;
  }
  return std::nullopt;
}

struct Choice {
  DeviceInfo info;
  std::uint32_t queue_family = 0;
};

Result<Choice> choose(const Instance& instance, const DeviceOptions& options) {
  std::vector<Choice> choices;
  std::vector<DeviceCandidate> candidates;
  for (const DeviceInfo& info : instance.devices()) {
    DeviceCandidate candidate{info.name, info.kind, info.unusable, false, {}};
    Choice choice{info, 0};
    if (info.unusable.empty()) {
      const auto family = find_queue_family(info.handle, options.surface);
      candidate.draws = family.has_value();
      candidate.uuid = query_external_support(info.handle).uuid;
      choice.queue_family = family.value_or(0);
    }
    candidates.push_back(std::move(candidate));
    choices.push_back(std::move(choice));
  }
  FL_TRY_LET(chosen, choose_device(candidates, {options.name, options.trainer}));
  return choices[*chosen];
}

}  // namespace

Result<std::unique_ptr<Device>> Device::create(const Instance& instance, const DeviceOptions& options) {
  FL_TRY_LET(choice, choose(instance, options));

  auto device = std::unique_ptr<Device>(new Device());  // NOLINT: the constructor is private
  device->instance_ = instance.handle();
  device->physical_ = choice->info.handle;
  device->queue_family_ = choice->queue_family;
  device->external_ = query_external_support(device->physical_);

  VkPhysicalDeviceVulkan13Features v13{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES};
  v13.dynamicRendering = VK_TRUE;
  v13.synchronization2 = VK_TRUE;
  v13.maintenance4 = VK_TRUE;  // every 1.3 device has it; compute shaders state their group size in its way
  VkPhysicalDeviceVulkan12Features v12{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
  v12.timelineSemaphore = VK_TRUE;
  v12.separateDepthStencilLayouts = VK_TRUE;  // every device of Vulkan 1.2 has it
  v12.pNext = &v13;
  const float priority = 1;
  VkDeviceQueueCreateInfo queue{VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO};
  queue.queueFamilyIndex = device->queue_family_;
  queue.queueCount = 1;
  queue.pQueuePriorities = &priority;
  std::vector<const char*> extensions;
  if (options.surface != VK_NULL_HANDLE) extensions.push_back(VK_KHR_SWAPCHAIN_EXTENSION_NAME);
  VkPhysicalDeviceFeatures features{};
  features.shaderClipDistance = VK_TRUE;  // holes of the landscape; every desktop device has it
  if (device->external_.memory_fd) extensions.push_back(VK_KHR_EXTERNAL_MEMORY_FD_EXTENSION_NAME);
  if (device->external_.semaphore_fd) extensions.push_back(VK_KHR_EXTERNAL_SEMAPHORE_FD_EXTENSION_NAME);
  VkDeviceCreateInfo info{VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO};
  info.pEnabledFeatures = &features;
  info.pNext = &v12;
  info.queueCreateInfoCount = 1;
  info.pQueueCreateInfos = &queue;
  info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  if (const VkResult result = vkCreateDevice(device->physical_, &info, nullptr, &device->device_);
      result != VK_SUCCESS) {
    if (const std::string text = exhaustion_text(result); !text.empty()) return error("{}.", text);
    return error("The Vulkan device {} could not be opened ({}); try another with --device",
                 choice->info.name, result_name(result));
  }
  vkGetDeviceQueue(device->device_, device->queue_family_, 0, &device->queue_);
  vkGetPhysicalDeviceProperties(device->physical_, &device->properties_);
  vkGetPhysicalDeviceMemoryProperties(device->physical_, &device->memory_);
  return device;
}

Device::~Device() {
  if (device_ == VK_NULL_HANDLE) return;
  vkDeviceWaitIdle(device_);
  vkDestroyDevice(device_, nullptr);
}

std::uint32_t Device::memory_type(std::uint32_t bits, VkMemoryPropertyFlags required,
                                  VkMemoryPropertyFlags preferred) const {
  for (const VkMemoryPropertyFlags flags : {required | preferred, required})
    for (std::uint32_t i = 0; i < memory_.memoryTypeCount; ++i)
      if ((bits & (1u << i)) != 0 && (memory_.memoryTypes[i].propertyFlags & flags) == flags) return i;
  throw VulkanError(fmt::format("{} has no memory with the properties {:#x}", name(), required),
                    VK_ERROR_FEATURE_NOT_PRESENT);
}

VkSampleCountFlagBits Device::sample_count(std::uint32_t wanted) const {
  const VkSampleCountFlags both =
      limits().framebufferColorSampleCounts & limits().framebufferDepthSampleCounts;
  for (std::uint32_t count = std::min(wanted, 64u); count > 1; --count)
    if ((count & (count - 1)) == 0 && (both & count) != 0) return static_cast<VkSampleCountFlagBits>(count);
  return VK_SAMPLE_COUNT_1_BIT;
}

void Device::run_once(const std::function<void(VkCommandBuffer)>& record) {
  VkCommandPoolCreateInfo pool_info{VK_STRUCTURE_TYPE_COMMAND_POOL_CREATE_INFO};
  pool_info.flags = VK_COMMAND_POOL_CREATE_TRANSIENT_BIT;
  pool_info.queueFamilyIndex = queue_family_;
  VkCommandPool raw_pool = VK_NULL_HANDLE;
  VK_CHECK(vkCreateCommandPool(device_, &pool_info, nullptr, &raw_pool));
  const CommandPoolHandle pool(device_, raw_pool);

  VkCommandBufferAllocateInfo allocate{VK_STRUCTURE_TYPE_COMMAND_BUFFER_ALLOCATE_INFO};
  allocate.commandPool = pool.get();
  allocate.level = VK_COMMAND_BUFFER_LEVEL_PRIMARY;
  allocate.commandBufferCount = 1;
  VkCommandBuffer cmd = VK_NULL_HANDLE;
  VK_CHECK(vkAllocateCommandBuffers(device_, &allocate, &cmd));
  VkCommandBufferBeginInfo begin{VK_STRUCTURE_TYPE_COMMAND_BUFFER_BEGIN_INFO};
  begin.flags = VK_COMMAND_BUFFER_USAGE_ONE_TIME_SUBMIT_BIT;
  VK_CHECK(vkBeginCommandBuffer(cmd, &begin));
  record(cmd);
  VK_CHECK(vkEndCommandBuffer(cmd));

  const SemaphoreHandle done = make_timeline(*this);
  VkCommandBufferSubmitInfo commands{VK_STRUCTURE_TYPE_COMMAND_BUFFER_SUBMIT_INFO};
  commands.commandBuffer = cmd;
  VkSemaphoreSubmitInfo signal{VK_STRUCTURE_TYPE_SEMAPHORE_SUBMIT_INFO};
  signal.semaphore = done.get();
  signal.value = 1;
  signal.stageMask = VK_PIPELINE_STAGE_2_ALL_COMMANDS_BIT;
  VkSubmitInfo2 submit{VK_STRUCTURE_TYPE_SUBMIT_INFO_2};
  submit.commandBufferInfoCount = 1;
  submit.pCommandBufferInfos = &commands;
  submit.signalSemaphoreInfoCount = 1;
  submit.pSignalSemaphoreInfos = &signal;
  {
    const auto lock = lock_queue();
    VK_CHECK(vkQueueSubmit2(queue_, 1, &submit, VK_NULL_HANDLE));
  }
  try {
    wait_for_timeline(*this, done.get(), 1, kRunOnceTimeout, "a one-time submission");
  } catch (const VulkanError&) {
    wait_idle();  // the pool must not go while the device still reads it
    throw;
  }
}

void Device::wait_idle() const noexcept {
  const auto lock = lock_queue();
  vkDeviceWaitIdle(device_);
}

}  // namespace fl
