#include "tests/support/headless_stage.h"

namespace fl::testing {

HeadlessStage* HeadlessStage::get(std::string& reason) {
  static std::string why;
  static const std::unique_ptr<HeadlessStage> stage = []() -> std::unique_ptr<HeadlessStage> {
    auto made = std::make_unique<HeadlessStage>();
    made->headless = HeadlessDevice::make(why);
    if (!made->headless) return nullptr;
    made->instance = &*made->headless->instance;
    made->device = made->headless->device.get();
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
