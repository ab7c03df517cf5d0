#pragma once
// The frame ring in host-visible Vulkan memory: three persistently mapped storage buffers. On a CPU device
// and on an integrated GPU the trainer writes the very bytes that shaders read; on a discrete GPU they are
// read over the bus, or lie in its memory where all of it is host-visible.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include <vulkan/vulkan.h>

#include "engine/bridge/slot_ring.h"
#include "engine/vk/buffer.h"
#include "trainer/base/frame.h"

namespace fl {

class HostRing final : public FrameSink {
 public:
  // Throws VulkanError when memory runs out. Slots begin as zeros.
  HostRing(const Device& device, const FrameCapacity& capacity);

  // The trainer's end.
  [[nodiscard]] const FrameLayout& layout() const override { return ring_.layout(); }
  [[nodiscard]] std::optional<FrameSlot> try_begin_write() override { return ring_.try_begin_write(); }
  void publish(const FrameSlot& slot, const FrameHeader& header) override { ring_.publish(slot, header); }

  // The renderer's end.
  std::optional<AcquiredFrame> acquire_latest() { return ring_.acquire_latest(); }
  void release(std::uint32_t slot) { ring_.release(slot); }
  [[nodiscard]] std::uint64_t published() const { return ring_.published(); }
  [[nodiscard]] std::array<VkBuffer, kFrameSlots> buffers() const;
  // Slot `i` as the shaders see it, for tests that prove it.
  [[nodiscard]] std::span<std::byte> memory(std::uint32_t slot) const { return buffers_.at(slot).mapped(); }

 private:
  HostRing(std::array<Buffer, kFrameSlots> buffers, const FrameLayout& layout);

  std::array<Buffer, kFrameSlots> buffers_;
  SlotRing ring_;
};

// Slots that frames in flight still read. The renderer notes each with its frame's number and hands back
// what the device has finished: once a frame.
class HeldSlots {
 public:
  explicit HeldSlots(HostRing& ring) : ring_(ring) {}
  ~HeldSlots() { release_completed(~0ull); }  // the owner has waited for the device
  HeldSlots(const HeldSlots&) = delete;
  HeldSlots& operator=(const HeldSlots&) = delete;

  void hold(std::uint32_t slot, std::uint64_t frame_number) { held_.push_back({slot, frame_number}); }
  void release_completed(std::uint64_t completed_frame);

 private:
  struct Held {
    std::uint32_t slot = 0;
    std::uint64_t frame = 0;
  };
  HostRing& ring_;
  std::vector<Held> held_;
};

}  // namespace fl
