#pragma once
// What the picture's test draws from: the CUDA backend and the ring on a real card, or, in another binary,
// the same code on a device made of host memory with a ring on the software rasteriser
// (tests/support/fake_device).

#include <functional>
#include <memory>
#include <string>

#include "engine/bridge/frame_ring.h"
#include "engine/stage/stage.h"
#include "trainer/compute/backend.h"

namespace fl::test {

struct RingSubject {
  Device* device = nullptr;  // null: nothing can be tested here
  Stage* stage = nullptr;
  std::shared_ptr<Backend> backend;
  std::function<Result<std::unique_ptr<FrameRing>>(const FrameCapacity&)> make_ring;
};

// `reason`: why nothing can be tested.
RingSubject ring_subject(std::string& reason);

}  // namespace fl::test
