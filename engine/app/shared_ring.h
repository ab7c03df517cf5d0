#pragma once
// Which frame ring a lesson gets: the trainer's own device memory where both sides share a card, host memory
// everywhere else, with the reason.

#include <memory>
#include <optional>
#include <string>

#include "engine/bridge/frame_ring.h"
#include "engine/vk/device.h"
#include "trainer/subjects/subject.h"

namespace fl {

struct SharedRing {
  std::unique_ptr<FrameRing> ring;
  std::string words;  // "frames in GPU memory", or "frames in host memory: " and the reason
};

// Any thread, the subject's own from then on. Never refuses: what goes wrong on the way to device memory is a
// reason, too. For a trainer on a device it is logged once in a program. The subject is told where the slots
// are, so this stands before its first step. Throws VulkanError when memory runs out.
SharedRing open_shared_ring(Device& device, Subject& subject);

// What open_shared_ring would say of a training on that card, for `fallline doctor`.
std::string sharing_words(const Device& device, const std::optional<DeviceUuid>& trainer);

}  // namespace fl
