// cuda_ring.h in a build without the CUDA toolkit.

#include "engine/bridge/cuda_ring.h"

namespace fl {

CudaFacts cuda_facts(const std::optional<DeviceUuid>&) {
  return {};
}

Result<std::unique_ptr<FrameRing>> make_cuda_ring(Device&, const FrameCapacity&) {
  return error("This program was built without the CUDA toolkit");
}

}  // namespace fl
