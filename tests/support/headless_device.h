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

  // Null, and a reason to skip, where there is none. Kept for the process, and whatever draws on it in the
  // same static variable: the layer has variables of its own that are made when something is drawn first.
  static std::unique_ptr<HeadlessDevice> make(std::string& reason);
};

}  // namespace fl::testing
