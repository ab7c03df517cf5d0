#include "engine/app/commands/doctor_devices.h"

#include "engine/app/commands/doctor_line.h"
#include "engine/app/shared_ring.h"
#include "engine/film/movie.h"
#include "engine/text/font.h"
#include "engine/vk/device.h"
#include "trainer/compute/backend_choice.h"

namespace fl {

Result<void> say_devices() {
  auto font = font_path(FontWeight::kRegular);
  say("Typeface", font ? *font : font.error().message);

  FL_TRY_LET(instance, Instance::create());
  say("Validation", instance->validation() ? "on" : "off (FALLLINE_VALIDATION=1 turns it on)");
  for (const DeviceInfo& device : instance->devices())
    say("Vulkan",
        fmt::format("{} ({}, Vulkan {}, {}){}", device.name, device.kind, device.api_version, device.driver,
                    device.unusable.empty() ? "" : ": not usable: " + device.unusable));
  const auto trainer = training_gpu({});
  FL_TRY_LET(device, Device::create(*instance, {.name = {}, .surface = VK_NULL_HANDLE, .trainer = trainer}));
  say("Drawing", (*device)->name());
  say("Shared", sharing_words(**device, trainer));
  say("Films", movie_words());
  if (!font) return font.error();
  return {};
}

}  // namespace fl
