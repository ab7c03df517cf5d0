#pragma once
// The frame ring that a CUDA device writes: TimelineRing with Vulkan's memory and semaphores imported into
// CUDA. No CUDA header here, and these functions are there in every build: one without the toolkit answers
// that it is.

#include <memory>

#include "engine/bridge/sharing.h"
#include "engine/bridge/timeline_ring.h"

namespace fl {

// Of the CUDA device that trains; of the first one where none does. Never fails, with no driver neither.
CudaFacts cuda_facts(const std::optional<DeviceUuid>& trainer);

// Slots on the card that both APIs share, written in order of a stream of the ring's own (non-blocking, of
// low priority). Precondition: why_not_shared() has no reason against it. Errors: a CUDA call failed; says
// which.
Result<std::unique_ptr<FrameRing>> make_cuda_ring(Device& device, const FrameCapacity& capacity);

}  // namespace fl
