// Which machines share memory between CUDA and Vulkan, and what is said where they do not: over descriptions
// of machines, none of which is needed to run this.

#include "engine/bridge/sharing.h"

#include <set>

#include <gtest/gtest.h>

namespace fl {
namespace {

DeviceUuid uuid(std::uint8_t first) {
  return {first, 0x4d, 0x1c, 0x90, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, first};
}

ExternalSupport nvidia(const std::string& name, std::uint8_t id) {
  return {.device = name,
          .uuid = uuid(id),
          .memory_fd = true,
          .semaphore_fd = true,
          .timeline = true,
          .synchronization2 = true,
          .exports_buffers = true,
          .imports_buffers = true,
          .exports_timelines = true};
}

// As lavapipe 22.3.6 answers query_external_support().
ExternalSupport lavapipe() {
  return {.device = "llvmpipe (LLVM 15.0.6, 256 bits)",
          .uuid = {'m', 'e', 's', 'a', '2', '2', '.', '3', '.', '6'},
          .is_cpu = true,
          .memory_fd = true,
          .timeline = true,
          .synchronization2 = true,
          .exports_buffers = true,
          .imports_buffers = true};
}

// Intel's and AMD's own drivers export all of it too: what is missing is that CUDA runs there.
ExternalSupport other_card(const std::string& name, std::uint8_t id) {
  return nvidia(name, id);
}

CudaFacts cuda(const std::string& name, std::uint8_t id) {
  return {.built = true,
          .driver_version = 13000,
          .runtime_version = 13000,
          .devices = 1,
          .device = name,
          .uuid = uuid(id),
          .timeline_interop = true};
}

CudaFacts no_driver() {
  return {.built = true, .runtime_version = 13000};
}

struct Machine {
  const char* what;
  ExternalSupport vulkan;
  CudaFacts cuda;
  bool trains_on_cuda;
  std::optional<NotShared> reason;
  std::string words;  // of the reason
};

template <typename T, typename F>
T with(T facts, F change) {
  change(facts);
  return facts;
}

std::vector<Machine> machines() {
  const auto h100 = [] { return nvidia("NVIDIA H100 80GB HBM3", 1); };
  const auto cuda_h100 = [] { return cuda("NVIDIA H100 80GB HBM3", 1); };
  return {
      {"H200 in a data centre", nvidia("NVIDIA H200", 2), cuda("NVIDIA H200", 2), true, {}, {}},
      {"H100", h100(), cuda_h100(), true, {}, {}},
      {"laptop, drawn by its RTX",
       nvidia("NVIDIA GeForce RTX 4060 Laptop GPU", 3),
       cuda("NVIDIA GeForce RTX 4060 Laptop GPU", 3),
       true,
       {},
       {}},
      {"a newer driver than the runtime",
       h100(),
       with(cuda_h100(), [](auto& c) { c.driver_version = 14010; }),
       true,
       {},
       {}},
      {"an older minor version",
       h100(),
       with(cuda_h100(), [](auto& c) { c.runtime_version = 13020; }),
       true,
       {},
       {}},
      {"laptop, drawn by its Intel", other_card("Intel(R) Iris(R) Xe Graphics (RPL-P)", 4),
       cuda("NVIDIA GeForce RTX 4060 Laptop GPU", 3), true, NotShared::kOtherDevice,
       "the Vulkan device Intel(R) Iris(R) Xe Graphics (RPL-P) is not the CUDA device NVIDIA GeForce RTX "
       "4060 Laptop "
       "GPU (UUID)"},
      {"two cards, the wrong one", nvidia("NVIDIA H100 80GB HBM3", 5), cuda_h100(), true,
       NotShared::kOtherDevice,
       "the Vulkan device NVIDIA H100 80GB HBM3 is not the CUDA device NVIDIA H100 80GB HBM3 (UUID)"},
      {"H100 without a Vulkan driver, drawn by lavapipe", lavapipe(), cuda_h100(), true,
       NotShared::kOtherDevice,
       "the Vulkan device llvmpipe (LLVM 15.0.6, 256 bits) is not the CUDA device NVIDIA H100 80GB HBM3 "
       "(UUID)"},
      {"no GPU at all", lavapipe(), no_driver(), false, NotShared::kNoDriver, "no CUDA driver"},
      {"AMD", other_card("AMD Radeon RX 7900 XTX (RADV NAVI31)", 6), no_driver(), false, NotShared::kNoDriver,
       "no CUDA driver"},
      {"built without the toolkit",
       h100(),
       {},
       false,
       NotShared::kNotBuilt,
       "this program was built without the CUDA toolkit"},
      {"WSL2 (dozen has no card of that UUID)",
       other_card("Microsoft Direct3D12 (NVIDIA GeForce RTX 3080)", 7),
       with(cuda("NVIDIA GeForce RTX 3080", 8), [](auto& c) { c.wsl = true; }), true, NotShared::kWsl,
       "WSL2: no UUID match between Vulkan and CUDA"},
      {"old driver",
       h100(),
       {.built = true,
        .driver_version = 12040,
        .runtime_version = 13000,
        .failure = "cudaGetDeviceCount returned cudaErrorInsufficientDriver"},
       false,
       NotShared::kOldDriver,
       "the CUDA driver is of version 12.4, this program needs 13.0"},
      {"a driver, and no device visible", h100(), with(cuda_h100(), [](auto& c) { c.devices = 0; }), false,
       NotShared::kNoCudaDevice, "no CUDA device"},
      {"a device that is broken", h100(),
       with(cuda_h100(),
            [](auto& c) { c.failure = "cudaGetDeviceCount returned cudaErrorECCUncorrectable"; }),
       true, NotShared::kCudaFailure, "CUDA failed: cudaGetDeviceCount returned cudaErrorECCUncorrectable"},
      {"--backend cpu on a machine that could", h100(), cuda_h100(), false, NotShared::kTrainsOnCpu,
       "training runs on the CPU"},
      {"no external memory", with(h100(), [](auto& v) { v.memory_fd = false; }), cuda_h100(), true,
       NotShared::kNoMemoryFd, "NVIDIA H100 80GB HBM3 has no VK_KHR_external_memory_fd"},
      {"no external semaphores", with(h100(), [](auto& v) { v.semaphore_fd = false; }), cuda_h100(), true,
       NotShared::kNoSemaphoreFd, "NVIDIA H100 80GB HBM3 has no VK_KHR_external_semaphore_fd"},
      {"no timelines", with(h100(), [](auto& v) { v.timeline = false; }), cuda_h100(), true,
       NotShared::kNoTimeline, "NVIDIA H100 80GB HBM3 has no timeline semaphores"},
      {"no synchronization2", with(h100(), [](auto& v) { v.synchronization2 = false; }), cuda_h100(), true,
       NotShared::kNoSynchronization2, "NVIDIA H100 80GB HBM3 has no synchronization2"},
      {"buffers not exportable", with(h100(), [](auto& v) { v.exports_buffers = false; }), cuda_h100(), true,
       NotShared::kBuffersStay, "NVIDIA H100 80GB HBM3 exports no storage buffers"},
      {"only binary semaphores exportable", with(h100(), [](auto& v) { v.exports_timelines = false; }),
       cuda_h100(), true, NotShared::kTimelinesStay, "NVIDIA H100 80GB HBM3 exports no timeline semaphores"},
      {"CUDA without timeline interop", h100(),
       with(cuda_h100(), [](auto& c) { c.timeline_interop = false; }), true, NotShared::kNoTimelineInterop,
       "cudaDevAttrTimelineSemaphoreInteropSupported of NVIDIA H100 80GB HBM3 is 0"},
  };
}

TEST(Sharing, EveryMachineGetsItsAnswer) {
  for (const Machine& machine : machines()) {
    const auto reason = why_not_shared(machine.vulkan, machine.cuda, machine.trains_on_cuda);
    EXPECT_EQ(reason, machine.reason) << machine.what;
    if (reason) {
      EXPECT_EQ(not_shared_words(*reason, machine.vulkan, machine.cuda), machine.words) << machine.what;
    }
  }
}

TEST(Sharing, EveryReasonHasAMachine) {
  std::set<NotShared> seen;
  for (const Machine& machine : machines())
    if (machine.reason) seen.insert(*machine.reason);
  EXPECT_EQ(seen.size(), static_cast<std::size_t>(NotShared::kNoTimelineInterop) + 1);
}

}  // namespace
}  // namespace fl
