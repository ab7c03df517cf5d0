#include "engine/app/commands/doctor_command.h"

#include <cstdlib>
#include <fstream>
#include <thread>

#include "fallline_build_info.h"

#include "engine/app/commands/doctor_line.h"
#include "engine/app/commands/load_engine.h"
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
  FL_TRY_LET(backend, make_backend({}, 0));
  say("Training", (*backend)->device());
  say_cuda();

  const bool display = std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr;
  say("Display",
      display ? "yes" : "none: the window cannot open; fallline render and fallline train work without one");
  FL_TRY_LET(engine, load_engine());
  return (*engine)->doctor();
}

}  // namespace fl
