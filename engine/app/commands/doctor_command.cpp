#include "engine/app/commands/doctor_command.h"

#include <cstdlib>
#include <fstream>
#include <thread>

#include "fallline_build_info.h"

#include "engine/app/shared_ring.h"
#include "engine/text/font.h"
#include "engine/vk/device.h"
#include "trainer/compute/backend_choice.h"

namespace fl {
namespace {

std::string processor_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);)
    if (line.starts_with("model name"))
      if (const auto colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
  return "unknown processor";
}

void say(const char* what, const std::string& value) {
  fmt::print("{:<12}{}\n", what, value);
}

void say_cuda() {
  const CudaReport cuda = cuda_report();
  std::string versions = FALLLINE_HAS_CUDA ? fmt::format("built with {}", FALLLINE_CUDA_TOOLKIT) : "not built in";
  for (const std::string& library : cuda.libraries) versions += ", " + library;
  say("CUDA", versions);
  for (const std::string& device : cuda.devices) say("", device);
  if (!cuda.reason.empty() && FALLLINE_HAS_CUDA) say("", "not used: " + cuda.reason);
}

}  // namespace

Result<void> run_doctor() {
  say("Fall Line", fmt::format("{} ({})", FALLLINE_VERSION, FALLLINE_BUILD_TYPE));
  say("Processor", fmt::format("{}, {} threads", processor_name(), std::thread::hardware_concurrency()));
  auto backend = make_backend({}, 0);
  if (!backend) return backend.error();
  say("Training", (*backend)->device());
  say_cuda();

  const bool display = std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
  say("Display",
      display ? "yes" : "none: the window cannot open; fallline render and fallline train work without one");
  auto font = font_path(FontWeight::kRegular);
  say("Typeface", font ? *font : font.error().message);

  auto instance = Instance::create();
  if (!instance) return instance.error();
  say("Validation", instance->validation() ? "on" : "off (FALLLINE_VALIDATION=1 turns it on)");
  for (const DeviceInfo& device : instance->devices())
    say("Vulkan",
        fmt::format("{} ({}, Vulkan {}, {}){}", device.name, device.kind, device.api_version, device.driver,
                    device.unusable.empty() ? "" : ": not usable: " + device.unusable));
  const auto trainer = training_gpu({});
  auto device = Device::create(*instance, {.name = {}, .surface = VK_NULL_HANDLE, .trainer = trainer});
  if (!device) return device.error();
  say("Drawing", (*device)->name());
  say("Shared", sharing_words(**device, trainer));
  if (!font) return font.error();
  return {};
}

}  // namespace fl
