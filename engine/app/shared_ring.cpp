#include "engine/app/shared_ring.h"

#include <mutex>
#include <set>

#include "engine/bridge/cuda_ring.h"
#include "engine/bridge/host_ring.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

constexpr const char* kOnDevice = "frames in GPU memory";

std::string in_host_memory(const std::string& reason) {
  return "frames in host memory: " + reason;
}

// Each lesson opened would say the same again.
void log_once(const std::string& words) {
  static std::mutex mutex;
  static std::set<std::string> said;
  const std::scoped_lock lock(mutex);
  if (said.insert(words).second) log_info("{}", words);
}

std::optional<std::string> reason_against(const Device& device, const std::optional<DeviceUuid>& trainer) {
  const CudaFacts cuda = cuda_facts(trainer);
  const auto reason = why_not_shared(device.external(), cuda, trainer.has_value());
  if (!reason) return std::nullopt;
  return not_shared_words(*reason, device.external(), cuda);
}

}  // namespace

SharedRing open_shared_ring(Device& device, Subject& subject) {
  SharedRing shared;
  const FrameCapacity capacity = subject.capacity();
  auto reason = reason_against(device, subject.gpu());
  if (!reason) {
    auto ring = make_cuda_ring(device, capacity);
    if (ring) {
      shared = {*std::move(ring), kOnDevice};
      subject.use_device_slots();
    } else {
      reason = ring.error().message;
    }
  }
  if (reason) shared = {std::make_unique<HostRing>(device, capacity), in_host_memory(*reason)};
  // Where the trainer computes on the host, its memory is the right place and no news.
  if (subject.gpu()) log_once(shared.words);
  return shared;
}

std::string sharing_words(const Device& device, const std::optional<DeviceUuid>& trainer) {
  const auto reason = reason_against(device, trainer);
  return reason ? in_host_memory(*reason) : kOnDevice;
}

}  // namespace fl
