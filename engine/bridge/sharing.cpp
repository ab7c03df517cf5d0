#include "engine/bridge/sharing.h"

#include <fmt/format.h>

namespace fl {
namespace {

std::string version_words(int version) {
  return fmt::format("{}.{}", version / 1000, version % 1000 / 10);
}

std::optional<NotShared> why_no_cuda(const CudaFacts& cuda) {
  if (!cuda.built) return NotShared::kNotBuilt;
  if (cuda.driver_version == 0) return NotShared::kNoDriver;
  if (cuda.driver_version / 1000 < cuda.runtime_version / 1000) return NotShared::kOldDriver;
  if (!cuda.failure.empty()) return NotShared::kCudaFailure;
  if (cuda.devices == 0) return NotShared::kNoCudaDevice;
  return std::nullopt;
}

}  // namespace

std::optional<NotShared> why_not_shared(const ExternalSupport& vulkan, const CudaFacts& cuda,
                                        bool trains_on_cuda) {
  if (const auto reason = why_no_cuda(cuda)) return reason;
  if (!trains_on_cuda) return NotShared::kTrainsOnCpu;
  if (cuda.wsl) return NotShared::kWsl;
  if (vulkan.uuid != cuda.uuid) return NotShared::kOtherDevice;
  if (!vulkan.memory_fd) return NotShared::kNoMemoryFd;
  if (!vulkan.semaphore_fd) return NotShared::kNoSemaphoreFd;
  if (!vulkan.timeline) return NotShared::kNoTimeline;
  if (!vulkan.synchronization2) return NotShared::kNoSynchronization2;
  if (!vulkan.exports_buffers) return NotShared::kBuffersStay;
  if (!vulkan.exports_timelines) return NotShared::kTimelinesStay;
  if (!cuda.timeline_interop) return NotShared::kNoTimelineInterop;
  return std::nullopt;
}

std::string not_shared_words(NotShared reason, const ExternalSupport& vulkan, const CudaFacts& cuda) {
  switch (reason) {
    case NotShared::kTrainsOnCpu:
      return "training runs on the CPU";
    case NotShared::kNotBuilt:
      return "this program was built without the CUDA toolkit";
    case NotShared::kNoDriver:
      return "no CUDA driver";
    case NotShared::kOldDriver:
      return fmt::format("the CUDA driver is of version {}, this program needs {}",
                         version_words(cuda.driver_version), version_words(cuda.runtime_version));
    case NotShared::kCudaFailure:
      return "CUDA failed: " + cuda.failure;
    case NotShared::kNoCudaDevice:
      return "no CUDA device";
    case NotShared::kWsl:
      return "WSL2: no UUID match between Vulkan and CUDA";
    case NotShared::kOtherDevice:
      return fmt::format("the Vulkan device {} is not the CUDA device {} (UUID)", vulkan.device, cuda.device);
    case NotShared::kNoMemoryFd:
      return fmt::format("{} has no VK_KHR_external_memory_fd", vulkan.device);
    case NotShared::kNoSemaphoreFd:
      return fmt::format("{} has no VK_KHR_external_semaphore_fd", vulkan.device);
    case NotShared::kNoTimeline:
      return fmt::format("{} has no timeline semaphores", vulkan.device);
    case NotShared::kNoSynchronization2:
      return fmt::format("{} has no synchronization2", vulkan.device);
    case NotShared::kBuffersStay:
      return fmt::format("{} exports no storage buffers", vulkan.device);
    case NotShared::kTimelinesStay:
      return fmt::format("{} exports no timeline semaphores", vulkan.device);
    case NotShared::kNoTimelineInterop:
      return fmt::format("cudaDevAttrTimelineSemaphoreInteropSupported of {} is 0", cuda.device);
  }
  return "unknown";
}

}  // namespace fl
