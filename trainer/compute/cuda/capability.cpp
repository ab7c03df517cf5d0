#include "trainer/compute/cuda/capability.h"

#include <fmt/format.h>

namespace fl::cuda {
namespace {

// cudaError_t, which is not to be seen here.
constexpr int kSuccess = 0, kInsufficientDriver = 35, kNoDevice = 100;

}  // namespace

std::string uuid_text(const DeviceUuid& uuid) {
  std::string text = "GPU-";
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += fmt::format("{:02x}", uuid[i]);
  }
  return text;
}

std::string cuda_version_text(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

std::string cudnn_version_text(int version) {
  return fmt::format("{}.{}.{}", version / 10000, version % 10000 / 100, version % 100);
}

std::string why_unusable(const DeviceFacts& device) {
  if (device.major * 10 + device.minor < kOldestCapability)
    return fmt::format("its compute capability is {}.{}, and it must be at least 7.5", device.major, device.minor);
  if (device.prohibited) return "its compute mode is prohibited; nvidia-smi -c 0 changes that";
  if (device.memory < kLeastMemory) return fmt::format("it has only {} MiB of memory", device.memory >> 20);
  return {};
}

DeviceChoice choose_device(const CudaFacts& facts) {
  if (facts.status == kInsufficientDriver)
    return {{}, facts.driver == 0 ? "there is no NVIDIA driver"
                                  : fmt::format("the NVIDIA driver knows CUDA {} and this program needs {}; update it",
                                                cuda_version_text(facts.driver), cuda_version_text(facts.runtime))};
  if (facts.status == kNoDevice || (facts.status == kSuccess && facts.devices.empty()))
    return {{}, "the NVIDIA driver finds no GPU"};
  if (facts.status != kSuccess) return {{}, fmt::format("CUDA cannot start: {}", facts.status_name)};
  // The calls made of cuDNN are older than its major version, so every minor version of that one serves.
  if (facts.cudnn / 10000 != facts.cudnn_built / 10000 || facts.cudnn < kOldestCudnn)
    return {{}, fmt::format("cuDNN {} is installed and this program needs cuDNN {}; install any {}.x",
                            cudnn_version_text(facts.cudnn), facts.cudnn_built / 10000, facts.cudnn_built / 10000)};
  std::string reasons;
  for (std::size_t i = 0; i < facts.devices.size(); ++i) {
    const std::string why = why_unusable(facts.devices[i]);
    if (why.empty()) return {static_cast<int>(i), {}};
    reasons += fmt::format("{}{}: {}", reasons.empty() ? "" : "; ", facts.devices[i].name, why);
  }
  return {{}, reasons};
}

}  // namespace fl::cuda
