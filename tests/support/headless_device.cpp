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

HeadlessDevice* HeadlessDevice::get(std::string& reason) {
  static std::string why;
  static const std::unique_ptr<HeadlessDevice> headless = []() -> std::unique_ptr<HeadlessDevice> {
    want_validation();
    auto made = std::make_unique<HeadlessDevice>();
    auto instance = Instance::create();
    if (!instance) {
      why = instance.error().message;
      return nullptr;
    }
    made->instance.emplace(*std::move(instance));
    auto device = Device::create(*made->instance, {.name = "llvmpipe"});
    if (!device) {
      why = "tests draw on lavapipe: " + device.error().message;
      return nullptr;
    }
    made->device = *std::move(device);
    return made;
  }();
  reason = why;
  return headless.get();
}

}  // namespace fl::testing
