#pragma once
// The Vulkan instance, the validation layer and the list of devices. Works without a display.

#include <cstddef>
#include <string>
#include <vector>

#include <vulkan/vulkan.h>

#include "trainer/base/result.h"

namespace fl {

// True in debug builds, or when the environment says FALLLINE_VALIDATION=1 (=0 turns it off everywhere).
bool validation_wanted();

// Every message of the validation layer since the start or the last clear, over all instances of the
// process: a test that finds one fails. Thread-safe. The list stops at 1,000; the count goes on.
std::vector<std::string> validation_messages();
std::size_t validation_message_count();
void clear_validation_messages();

struct InstanceOptions {
  bool validation = validation_wanted();
  std::vector<const char*> extensions;  // of a window system: see surface.h
};

// What `fallline doctor` says of one device.
struct DeviceInfo {
  std::string name;
  std::string driver;
  std::string kind;         // "discrete GPU", "integrated GPU", "CPU", ...
  std::string api_version;  // "1.3.230"
  std::string unusable;     // why not, empty when the program can draw on it
  VkPhysicalDevice handle = VK_NULL_HANDLE;
};

class Instance {
 public:
  // An error says in one sentence what to install.
  static Result<Instance> create(const InstanceOptions& options = {});
  Instance(Instance&& other) noexcept;
  Instance& operator=(Instance&& other) noexcept;
  ~Instance();

  [[nodiscard]] VkInstance handle() const { return instance_; }
  // False also where the layer was wanted and is not installed (a warning was logged).
  [[nodiscard]] bool validation() const { return messenger_ != VK_NULL_HANDLE; }
  [[nodiscard]] std::vector<DeviceInfo> devices() const;

 private:
  Instance() = default;
  void destroy() noexcept;

  VkInstance instance_ = VK_NULL_HANDLE;
  VkDebugUtilsMessengerEXT messenger_ = VK_NULL_HANDLE;
};

}  // namespace fl
