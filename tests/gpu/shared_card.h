#pragma once
// The card that trains as Vulkan's device, for tests of what both share; or why there is none.

#include <memory>
#include <optional>
#include <string>

#include "engine/vk/device.h"

namespace fl::test {

struct SharedCard {
  std::optional<Instance> instance;
  std::unique_ptr<Device> device;
  int cuda_device = 0;

  // Null, and a reason to skip. Made once, kept for the process.
  static SharedCard* get(std::string& reason);
};

}  // namespace fl::test
