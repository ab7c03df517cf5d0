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

Result<void> ask_device(CudaFacts& facts) {
  int device = 0;
  FL_CUDA_TRY(cudaGetDevice(&device));
  cudaDeviceProp properties{};
  FL_CUDA_TRY(cudaGetDeviceProperties(&properties, device));
  facts.device = properties.name;
  static_assert(sizeof(properties.uuid) == sizeof(facts.uuid));
  std::memcpy(facts.uuid.data(), &properties.uuid, sizeof(facts.uuid));
  int interop = 0;
  FL_CUDA_TRY(cudaDeviceGetAttribute(&interop, cudaDevAttrTimelineSemaphoreInteropSupported, device));
  facts.timeline_interop = interop != 0;
  return {};
}

}  // namespace

CudaFacts cuda_facts() {
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
  if (const auto asked = ask_device(facts); !asked) facts.failure = asked.error().message;
  return facts;
}

Result<std::unique_ptr<FrameRing>> make_cuda_ring(Device& device, const FrameCapacity& capacity) {
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
