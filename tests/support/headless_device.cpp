#include "tests/support/headless_device.h"

#include <cstdlib>

namespace fl::testing {

void want_validation() {
  setenv("FALLLINE_VALIDATION", "1", 1);
  // Hazards between submissions are found only with both.
  setenv("VK_LAYER_ENABLES",
         "VK_VALIDATION_FEATURE_ENABLE_SYNCHRONIZATION_VALIDATION_EXT:"
         "VALIDATION_CHECK_ENABLE_SYNCHRONIZATION_VALIDATION_QUEUE_SUBMIT",
         1);
}

std::unique_ptr<HeadlessDevice> HeadlessDevice::make(std::string& reason) {
  want_validation();
  auto made = std::make_unique<HeadlessDevice>();
  auto instance = Instance::create();
  if (!instance) {
    reason = instance.error().message;
    return nullptr;
  }
  made->instance.emplace(*std::move(instance));
  auto device = Device::create(*made->instance, {.name = "llvmpipe"});
  if (!device) {
    reason = "tests draw on lavapipe: " + device.error().message;
    return nullptr;
  }
  made->device = *std::move(device);
  return made;
}

}  // namespace fl::testing
