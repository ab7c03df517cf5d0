#pragma once
// Which device is used, or why none is: a decision over plain facts, so that it is tested on the facts of
// machines that are not at hand.

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "trainer/base/device_uuid.h"

namespace fl::cuda {

struct DeviceFacts {
  std::string name;       // "NVIDIA H100 80GB HBM3"
  int major = 0, minor = 0;  // compute capability
  std::size_t memory = 0;    // bytes
  bool prohibited = false;   // its compute mode lets nobody in
  DeviceUuid uuid{};
};

// As `cudaRuntimeGetVersion` and the like count: 13000 is 13.0; cuDNN 91900 is 9.19.0.
struct CudaFacts {
  int status = 0;           // of cudaGetDeviceCount
  std::string status_name;  // "cudaErrorNoDevice"
  int runtime = 0, driver = 0;
  int cudnn = 0, cudnn_built = 0;  // loaded, and the headers this was built with
  std::vector<DeviceFacts> devices;
};

// Binaries are built from here on; newer devices than the newest of them compile its PTX when first used.
inline constexpr int kOldestCapability = 75;
inline constexpr std::size_t kLeastMemory = std::size_t{1} << 30;
inline constexpr int kOldestCudnn = 90000;

// Why this device is not used; empty where it can be.
std::string why_unusable(const DeviceFacts& device);

struct DeviceChoice {
  std::optional<int> device;
  std::string reason;  // one sentence; empty where there is a device
};
// The first usable device: CUDA lists the fastest one first.
DeviceChoice choose_device(const CudaFacts& facts);

// As nvidia-smi prints it: "GPU-" and hexadecimal digits in groups.
std::string uuid_text(const DeviceUuid& uuid);
// "13.0"; cuDNN: "9.19.0".
std::string cuda_version_text(int version);
std::string cudnn_version_text(int version);

}  // namespace fl::cuda
