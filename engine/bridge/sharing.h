#pragma once
// Can training on a CUDA device write straight into this Vulkan device's memory? Decided from plain facts of
// both sides, so that every answer can be tested without the machine that gives it.

#include <optional>
#include <string>

#include "engine/vk/external_support.h"

namespace fl {

// What the CUDA runtime says of the device that trains.
struct CudaFacts {
  bool built = false;      // this program contains the CUDA side
  int driver_version = 0;  // 12040 is 12.4; 0: no driver
  int runtime_version = 0;
  int devices = 0;
  std::string failure;  // what the runtime answered instead of the rest; empty: nothing went wrong
  std::string device;   // "NVIDIA H100"
  DeviceUuid uuid{};
  bool timeline_interop = false;  // cudaDevAttrTimelineSemaphoreInteropSupported
  bool wsl = false;               // Linux under Windows, whose CUDA driver has no Vulkan beside it
};

enum class NotShared {
  kTrainsOnCpu,
  kNotBuilt,
  kNoDriver,
  kOldDriver,
  kCudaFailure,
  kNoCudaDevice,
  kWsl,
  kOtherDevice,
  kNoMemoryFd,
  kNoSemaphoreFd,
  kNoTimeline,
  kNoSynchronization2,
  kBuffersStay,
  kTimelinesStay,
  kNoTimelineInterop,
};

// The first thing that stands in the way, from what the user chose to what a driver lacks; nothing: share.
std::optional<NotShared> why_not_shared(const ExternalSupport& vulkan, const CudaFacts& cuda,
                                        bool trains_on_cuda);

// The reason in words, without a full stop: for the log, the status line and `fallline doctor`.
std::string not_shared_words(NotShared reason, const ExternalSupport& vulkan, const CudaFacts& cuda);

}  // namespace fl
