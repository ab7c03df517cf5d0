#pragma once
// The frame ring in host-visible Vulkan memory: three persistently mapped storage buffers. On a CPU device
// and on an integrated GPU the trainer writes the very bytes that shaders read; on a discrete GPU they are
// read over the bus, or lie in its memory where all of it is host-visible.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <vulkan/vulkan.h>

#include "engine/bridge/frame_ring.h"
#include "engine/bridge/slot_ring.h"
#include "engine/vk/buffer.h"

namespace fl {

class HostRing final : public FrameRing {
 public:
  // Throws VulkanError when memory runs out. Slots begin as zeros.
  HostRing(const Device& device, const FrameCapacity& capacity);

  // The trainer's end.
  [[nodiscard]] const FrameLayout& layout() const override { return ring_.layout(); }
  [[nodiscard]] std::optional<FrameSlot> try_begin_write() override { return ring_.try_begin_write(); }
  void publish(const FrameSlot& slot, const Frame& frame) override { ring_.publish(slot, frame); }

  // The renderer's end. A slot is free again when the device has finished the frames that read it, so no
  // semaphore is needed; until then the slot is held.
  std::optional<AcquiredFrame> acquire_latest() override { return ring_.acquire_latest(); }
  [[nodiscard]] SlotReading reading(const AcquiredFrame&) override { return {}; }
  void submitted(const AcquiredFrame& frame, std::uint64_t number) override;
  void abandoned(const AcquiredFrame& frame) override { ring_.release(frame.slot); }
  void completed(std::uint64_t number) override;
  [[nodiscard]] std::uint64_t published() const override { return ring_.published(); }
  Result<void> wait_for_published(std::chrono::milliseconds) override {
    return {};
  }  // it is, when it returns
  [[nodiscard]] std::array<VkBuffer, kFrameSlots> buffers() const override;
  // Slot `i` as the shaders see it, for tests that prove it.
  [[nodiscard]] std::span<std::byte> memory(std::uint32_t slot) const { return buffers_.at(slot).mapped(); }

 private:
  HostRing(std::array<Buffer, kFrameSlots> buffers, const FrameLayout& layout, bool looks);

  struct Held {
    std::uint32_t slot = 0;
    std::uint64_t frame = 0;
  };
  std::array<Buffer, kFrameSlots> buffers_;
  SlotRing ring_;
  std::vector<Held> held_;  // by frames in flight
};

}  // namespace fl
