#pragma once
// Both ends of a frame ring. The trainer's end is a FrameSink; here is the renderer's, for one thread:
// acquire the newest frame, submit work that reads it between the two semaphores of `reading`, then say
// whether the submission succeeded. Whatever memory the slots lie in, the renderer does the same.

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include <vulkan/vulkan.h>

#include "engine/bridge/slot_ring.h"
#include "engine/vk/timeline.h"
#include "trainer/base/result.h"
#include "trainer/seam/frame.h"

namespace fl {

// What a submission that reads a slot adds to its own semaphores; null where the ring needs none.
struct SlotReading {
  SemaphoreUse wait, signal;
};

class FrameRing : public FrameSink {
 public:
  // The newest complete frame; nothing before the first. It is ours until submitted() or abandoned().
  virtual std::optional<AcquiredFrame> acquire_latest() = 0;
  [[nodiscard]] virtual SlotReading reading(const AcquiredFrame& frame) = 0;
  // The submission that reads `frame` is in the queue, as frame `number` of FramesInFlight.
  virtual void submitted(const AcquiredFrame& frame, std::uint64_t number) = 0;
  // There was none, or it failed.
  virtual void abandoned(const AcquiredFrame& frame) = 0;
  // Frames up to `number` are drawn: once a frame.
  virtual void completed(std::uint64_t number) = 0;

  // Number of the newest complete frame: rises.
  [[nodiscard]] virtual std::uint64_t published() const = 0;
  // Until all that was handed to publish() is complete. Errors: the time is over; says what is missing.
  virtual Result<void> wait_for_published(std::chrono::milliseconds timeout) = 0;
  [[nodiscard]] virtual std::array<VkBuffer, kFrameSlots> buffers() const = 0;
};

}  // namespace fl
