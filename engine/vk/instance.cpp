#include "engine/vk/instance.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string_view>
#include <utility>

#include "engine/vk/check.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

constexpr const char* kValidationLayer = "VK_LAYER_KHRONOS_validation";
constexpr std::size_t kMaxKeptMessages = 1000;

struct MessageList {
  std::mutex mutex;
  std::vector<std::string> messages;
  std::size_t count = 0;
};
MessageList& message_list() {
  static MessageList list;
  return list;
}

VKAPI_ATTR VkBool32 VKAPI_CALL on_message(VkDebugUtilsMessageSeverityFlagBitsEXT severity,
                                          VkDebugUtilsMessageTypeFlagsEXT type,
                                          const VkDebugUtilsMessengerCallbackDataEXT* data, void*) {
  const bool is_error = severity >= VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
  log_line(is_error ? LogLevel::kError : LogLevel::kWarning, data->pMessage);
  // General messages are the loader's (a driver file that does not open): not a fault of this program.
  if ((type & VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT) != 0) {
    MessageList& list = message_list();
    const std::scoped_lock lock(list.mutex);
    ++list.count;
    if (list.messages.size() < kMaxKeptMessages) list.messages.emplace_back(data->pMessage);
  }
  return VK_FALSE;
}

VkDebugUtilsMessengerCreateInfoEXT messenger_info() {
  VkDebugUtilsMessengerCreateInfoEXT info{VK_STRUCTURE_TYPE_DEBUG_UTILS_MESSENGER_CREATE_INFO_EXT};
  info.messageSeverity =
      VK_DEBUG_UTILS_MESSAGE_SEVERITY_WARNING_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_SEVERITY_ERROR_BIT_EXT;
  info.messageType =
      VK_DEBUG_UTILS_MESSAGE_TYPE_GENERAL_BIT_EXT | VK_DEBUG_UTILS_MESSAGE_TYPE_VALIDATION_BIT_EXT;
  info.pfnUserCallback = on_message;
  return info;
}

bool layer_present() {
  std::uint32_t count = 0;
  if (vkEnumerateInstanceLayerProperties(&count, nullptr) != VK_SUCCESS) return false;
  std::vector<VkLayerProperties> layers(count);
  if (vkEnumerateInstanceLayerProperties(&count, layers.data()) != VK_SUCCESS) return false;
  return std::ranges::any_of(layers, [](const VkLayerProperties& layer) {
    return std::strcmp(layer.layerName, kValidationLayer) == 0;
  });
}

Error creation_error(VkResult result) {
  if (result == VK_ERROR_INCOMPATIBLE_DRIVER)
    return error(
        "No Vulkan driver was found; install mesa-vulkan-drivers (any computer) or the graphics card's "
        "driver");
  if (result == VK_ERROR_EXTENSION_NOT_PRESENT)
    return error(
        "The Vulkan loader lacks a window-system extension; install libvulkan1 and mesa-vulkan-drivers");
  if (const std::string text = exhaustion_text(result); !text.empty()) return error("{}.", text);
  return error("Vulkan could not start ({}); run vulkaninfo (package vulkan-tools) to learn more",
               result_name(result));
}

std::string kind_name(VkPhysicalDeviceType type) {
  switch (type) {
    case VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU:
      return "discrete GPU";
    case VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU:
      return "integrated GPU";
    case VK_PHYSICAL_DEVICE_TYPE_VIRTUAL_GPU:
      return "virtual GPU";
    case VK_PHYSICAL_DEVICE_TYPE_CPU:
      return "CPU";
    default:
      return "other device";
  }
}

std::string why_unusable(VkPhysicalDevice device, std::uint32_t api_version) {
  if (api_version < VK_API_VERSION_1_3) return "it offers no Vulkan 1.3";
  VkPhysicalDeviceVulkan13Features v13{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES};
  VkPhysicalDeviceVulkan12Features v12{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES};
  v12.pNext = &v13;
  VkPhysicalDeviceFeatures2 features{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2};
  features.pNext = &v12;
  vkGetPhysicalDeviceFeatures2(device, &features);
  if (v13.dynamicRendering == VK_FALSE) return "it lacks dynamic rendering";
  if (v13.synchronization2 == VK_FALSE) return "it lacks synchronization2";
  if (v12.timelineSemaphore == VK_FALSE) return "it lacks timeline semaphores";
  return {};
}

}  // namespace

bool validation_wanted() {
  if (const char* value = std::getenv("FALLLINE_VALIDATION"); value != nullptr && *value != '\0')
    return std::string_view(value) != "0";
#ifdef FALLLINE_VALIDATION_BY_DEFAULT
  return true;
#else
  return false;
#endif
}

std::vector<std::string> validation_messages() {
  const std::scoped_lock lock(message_list().mutex);
  return message_list().messages;
}

std::size_t validation_message_count() {
  const std::scoped_lock lock(message_list().mutex);
  return message_list().count;
}

void clear_validation_messages() {
  const std::scoped_lock lock(message_list().mutex);
  message_list().messages.clear();
  message_list().count = 0;
}

Result<Instance> Instance::create(const InstanceOptions& options) {
  std::uint32_t loader_version = VK_API_VERSION_1_0;
  if (vkEnumerateInstanceVersion(&loader_version) != VK_SUCCESS || loader_version < VK_API_VERSION_1_3)
    return error("The Vulkan loader is older than 1.3; install a newer libvulkan1");

  const bool validate = options.validation && layer_present();
  if (options.validation && !validate)
    log_warning(
        "Vulkan validation was asked for, but its layer is not installed: install vulkan-validationlayers");

  std::vector<const char*> extensions = options.extensions;
  if (validate) extensions.push_back(VK_EXT_DEBUG_UTILS_EXTENSION_NAME);

  VkApplicationInfo application{VK_STRUCTURE_TYPE_APPLICATION_INFO};
  application.pApplicationName = "Fall Line";
  application.apiVersion = VK_API_VERSION_1_3;

  // Races between passes are what the plain layer does not see.
  const std::array wanted{VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT};
  VkValidationFeaturesEXT features{VK_STRUCTURE_TYPE_VALIDATION_FEATURES_EXT};
  features.enabledValidationFeatureCount = static_cast<std::uint32_t>(wanted.size());
  features.pEnabledValidationFeatures = wanted.data();
  VkDebugUtilsMessengerCreateInfoEXT debug = messenger_info();
  debug.pNext = &features;

  VkInstanceCreateInfo info{VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO};
  info.pApplicationInfo = &application;
  info.enabledExtensionCount = static_cast<std::uint32_t>(extensions.size());
  info.ppEnabledExtensionNames = extensions.data();
  if (validate) {
    info.pNext = &debug;
    info.enabledLayerCount = 1;
    info.ppEnabledLayerNames = &kValidationLayer;
  }

  Instance instance;
  if (const VkResult result = vkCreateInstance(&info, nullptr, &instance.instance_); result != VK_SUCCESS)
    return creation_error(result);
  if (validate) {
    const auto create = reinterpret_cast<PFN_vkCreateDebugUtilsMessengerEXT>(
        vkGetInstanceProcAddr(instance.instance_, "vkCreateDebugUtilsMessengerEXT"));
    const VkDebugUtilsMessengerCreateInfoEXT messenger = messenger_info();
    if (create != nullptr) VK_CHECK(create(instance.instance_, &messenger, nullptr, &instance.messenger_));
  }
  return instance;
}

Instance::Instance(Instance&& other) noexcept
    : instance_(std::exchange(other.instance_, VK_NULL_HANDLE)),
      messenger_(std::exchange(other.messenger_, VK_NULL_HANDLE)) {}

Instance& Instance::operator=(Instance&& other) noexcept {
  std::swap(instance_, other.instance_);
  std::swap(messenger_, other.messenger_);
  return *this;
}

Instance::~Instance() {
  destroy();
}

void Instance::destroy() noexcept {
  if (instance_ == VK_NULL_HANDLE) return;
  if (messenger_ != VK_NULL_HANDLE) {
    const auto destroy_messenger = reinterpret_cast<PFN_vkDestroyDebugUtilsMessengerEXT>(
        vkGetInstanceProcAddr(instance_, "vkDestroyDebugUtilsMessengerEXT"));
    if (destroy_messenger != nullptr) destroy_messenger(instance_, messenger_, nullptr);
  }
  vkDestroyInstance(instance_, nullptr);
}

std::vector<DeviceInfo> Instance::devices() const {
  std::uint32_t count = 0;
  if (const VkResult result = vkEnumeratePhysicalDevices(instance_, &count, nullptr); result != VK_SUCCESS) {
    // No memory for devices is not the same as none.
    if (!exhaustion_text(result).empty()) vulkan_failed(__FILE__, __LINE__, "vkEnumeratePhysicalDevices", result);
    return {};
  }
  std::vector<VkPhysicalDevice> handles(count);
  if (vkEnumeratePhysicalDevices(instance_, &count, handles.data()) < VK_SUCCESS) return {};
  handles.resize(count);
  std::vector<DeviceInfo> infos;
  for (const VkPhysicalDevice handle : handles) {
    VkPhysicalDeviceDriverProperties driver{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES};
    VkPhysicalDeviceProperties2 properties{VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2};
    properties.pNext = &driver;
    vkGetPhysicalDeviceProperties2(handle, &properties);
    const VkPhysicalDeviceProperties& p = properties.properties;
    infos.push_back({p.deviceName, fmt::format("{} {}", driver.driverName, driver.driverInfo),
                     kind_name(p.deviceType),
                     fmt::format("{}.{}.{}", VK_API_VERSION_MAJOR(p.apiVersion),
                                 VK_API_VERSION_MINOR(p.apiVersion), VK_API_VERSION_PATCH(p.apiVersion)),
                     why_unusable(handle, p.apiVersion), handle});
  }
  return infos;
}

}  // namespace fl
