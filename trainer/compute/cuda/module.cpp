#include "trainer/compute/cuda/module.h"

#include "fallline_build_info.h"
#include "trainer/compute/cuda/cuda_backend.h"

namespace fl::cuda {
namespace {

ModuleReport describe(const CudaFacts& facts) {
  ModuleReport report;
  report.libraries = {"runtime " + cuda_version_text(facts.runtime),
                      facts.driver > 0 ? "driver " + cuda_version_text(facts.driver) : "no driver",
                      "cuDNN " + cudnn_version_text(facts.cudnn)};
  for (const DeviceFacts& device : facts.devices) {
    const std::string why = why_unusable(device);
    report.devices.push_back(fmt::format("{} ({}.{}, {} MiB, {}){}{}", device.name, device.major, device.minor,
                                         device.memory >> 20, uuid_text(device.uuid), why.empty() ? "" : ": not usable: ", why));
  }
  const DeviceChoice choice = choose_device(facts);
  report.reason = choice.reason;
  if (choice.device) report.chosen = facts.devices[static_cast<std::size_t>(*choice.device)].uuid;
  return report;
}

ModuleReport report() {
  try {
    return describe(cuda_facts());
  } catch (const DeviceError& e) {
    return {.libraries = {}, .devices = {}, .reason = e.what(), .chosen = {}};
  }
}

Result<std::unique_ptr<Backend>> make(const ModuleOptions& options) {
  MathOptions math;
  math.tf32 = options.tf32;
  math.deterministic = options.deterministic;
  return CudaBackend::create(math);
}

}  // namespace
}  // namespace fl::cuda

extern "C" __attribute__((visibility("default"))) const fl::cuda::Module fallline_cuda_module = {
    FALLLINE_VERSION, fl::cuda::report, fl::cuda::make};
