#pragma once
// The software rasteriser under the validation layer, for tests.

#include <memory>
#include <optional>
#include <string>

#include "engine/vk/device.h"

namespace fl::testing {

// Must run before the first instance of the process: the layer reads the environment when it is loaded.
void want_validation();

struct HeadlessDevice {
  std::optional<Instance> instance;
  std::unique_ptr<Device> device;

  // Made once, kept for the process; null, and a reason to skip, where there is none.
  static HeadlessDevice* get(std::string& reason);
};

}  // namespace fl::testing
