#include "tests/support/headless_stage.h"

namespace fl::testing {

HeadlessStage* HeadlessStage::get(std::string& reason) {
  static std::string why;
  static const std::unique_ptr<HeadlessStage> stage = []() -> std::unique_ptr<HeadlessStage> {
    const HeadlessDevice* headless = HeadlessDevice::get(why);
    if (headless == nullptr) return nullptr;
    auto made = std::make_unique<HeadlessStage>();
    made->instance = &*headless->instance;
    made->device = headless->device.get();
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
