#include "engine/bridge/cuda_ring.h"

#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include "engine/bridge/cuda_check.h"
#include "engine/bridge/cuda_queue.h"

namespace fl {
namespace {

bool on_wsl() {
  std::ifstream version("/proc/version");
  std::string text;
  std::getline(version, text);
  return text.find("icrosoft") != std::string::npos;
}

DeviceUuid uuid_of(const cudaDeviceProp& properties) {
  DeviceUuid uuid{};
  static_assert(sizeof(properties.uuid) == sizeof(uuid));
  std::memcpy(uuid.data(), &properties.uuid, sizeof(uuid));
  return uuid;
}

// Among `devices`; nothing where none is called so.
Result<std::optional<int>> find_device(int devices, const DeviceUuid& uuid) {
  for (int device = 0; device < devices; ++device) {
    cudaDeviceProp properties{};
    FL_CUDA_TRY(cudaGetDeviceProperties(&properties, device));
    if (uuid_of(properties) == uuid) return std::optional(device);
  }
  return std::optional<int>();
}

Result<void> ask_device(CudaFacts& facts, const std::optional<DeviceUuid>& trainer) {
  int device = 0;
  if (trainer) {
    FL_TRY_LET(found, find_device(facts.devices, *trainer));
    device = found->value_or(0);
  }
  cudaDeviceProp properties{};
  FL_CUDA_TRY(cudaGetDeviceProperties(&properties, device));
  facts.device = properties.name;
  facts.uuid = uuid_of(properties);
  int interop = 0;
  FL_CUDA_TRY(cudaDeviceGetAttribute(&interop, cudaDevAttrTimelineSemaphoreInteropSupported, device));
  facts.timeline_interop = interop != 0;
  return {};
}

// This thread need not be the one that chose the device for the training.
Result<void> use_device_of(const Device& device) {
  int devices = 0;
  FL_CUDA_TRY(cudaGetDeviceCount(&devices));
  FL_TRY_LET(found, find_device(devices, device.external().uuid));
  if (!*found) return error("CUDA has no device that is {}", device.name());
  FL_CUDA_TRY(cudaSetDevice(**found));
  return {};
}

}  // namespace

CudaFacts cuda_facts(const std::optional<DeviceUuid>& trainer) {
  CudaFacts facts;
  facts.built = true;
  facts.wsl = on_wsl();
  // Both answer without a driver, the first with 0.
  if (cudaDriverGetVersion(&facts.driver_version) != cudaSuccess) facts.driver_version = 0;
  if (cudaRuntimeGetVersion(&facts.runtime_version) != cudaSuccess) facts.runtime_version = 0;
  const auto counted = cuda_result(cudaGetDeviceCount(&facts.devices), "cudaGetDeviceCount");
  if (!counted) {
    facts.devices = 0;
    // No device is no failure.
    if (cudaPeekAtLastError() != cudaErrorNoDevice) facts.failure = counted.error().message;
    (void)cudaGetLastError();  // asked and answered: later calls must not find it
    return facts;
  }
  if (const auto asked = ask_device(facts, trainer); !asked) facts.failure = asked.error().message;
  return facts;
}

Result<std::unique_ptr<FrameRing>> make_cuda_ring(Device& device, const FrameCapacity& capacity) {
  FL_TRY(use_device_of(device));
  const auto timelines = std::make_shared<RingTimelines>(device, true);
  auto ring =
      TimelineRing::create(device, timelines, capacity,
                           [&](std::span<const Buffer, kFrameSlots> buffers, const FrameLayout& layout) {
                             return CudaQueue::create(device, *timelines, buffers, layout);
                           });
  if (!ring) return ring.error();
  return std::unique_ptr<FrameRing>(*std::move(ring));
}

}  // namespace fl
