#include "tests/support/headless_stage.h"

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

HeadlessStage* HeadlessStage::get(std::string& reason) {
  static std::string why;
  static const std::unique_ptr<HeadlessStage> stage = []() -> std::unique_ptr<HeadlessStage> {
    want_validation();
    auto made = std::make_unique<HeadlessStage>();
    auto instance = Instance::create();
    if (!instance) {
      why = instance.error().message;
      return nullptr;
    }
    made->instance.emplace(std::move(*instance));
    auto device = Device::create(*made->instance, {.name = "llvmpipe"});
    if (!device) {
      why = "golden pictures are drawn on lavapipe: " + device.error().message;
      return nullptr;
    }
    made->device = std::move(*device);
    auto font = Font::load();
    if (!font) {
      why = font.error().message;
      return nullptr;
    }
    made->font.emplace(std::move(*font));
    made->stage.emplace(*made->device, *made->font);
    return made;
  }();
  reason = why;
  return stage.get();
}

}  // namespace fl::testing
