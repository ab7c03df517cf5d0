#pragma once
// The part of a frame ring that does not care what memory the slots lie in: who owns which slot, and what the
// host knows of the frame in it. HostRing puts mapped Vulkan buffers under it, a test plain memory.

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>

#include "trainer/seam/frame.h"
#include "trainer/seam/slot_contents.h"

namespace fl {

// What a reader holds: to be handed back with release() when nothing reads the slot any more.
struct AcquiredFrame : Frame {
  std::uint32_t slot = 0;
  std::uint64_t number = 0;  // of the publish: rises by one each
  SlotContents contents{};   // unknown where the ring does not look
};

class SlotRing {
 public:
  // `memory[i]` is slot i, at least layout.bytes long and aligned to FrameLayout::kAlignment; it outlives
  // the ring. `looks`: the host reads it as fast as its own memory, so that publish() can tell what has
  // changed.
  SlotRing(const FrameLayout& layout, const std::array<std::span<std::byte>, kFrameSlots>& memory,
           bool looks = false);

  [[nodiscard]] const FrameLayout& layout() const { return layout_; }

  // Producer, one thread.
  std::optional<FrameSlot> try_begin_write();
  void publish(const FrameSlot& slot, const Frame& frame);

  // Readers, any thread. Numbers never fall between two calls of one thread.
  std::optional<AcquiredFrame> acquire_latest();
  void release(std::uint32_t slot) { exchange_.release(slot); }
  [[nodiscard]] std::uint64_t published() const { return exchange_.published(); }

 private:
  struct Kept {
    std::uint64_t number = 0;
    Frame frame;
    SlotContents contents;
  };
  [[nodiscard]] SlotContents look(const FrameSlot& slot, const Frame& frame) const;

  FrameLayout layout_;
  std::array<std::span<std::byte>, kFrameSlots> memory_;
  std::array<Kept, kFrameSlots> kept_;  // guarded by the exchange, as the slots are
  std::uint64_t next_number_ = 1;       // the producer's, as are these
  bool looks_ = false;
  std::uint32_t published_last_ = SlotExchange::kNone;
  SlotExchange exchange_;
};

}  // namespace fl
