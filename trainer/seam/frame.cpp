#include "trainer/seam/frame.h"

#include "trainer/base/check.h"

namespace fl {

FrameLayout FrameLayout::for_capacity(const FrameCapacity& capacity) {
  FrameLayout layout;
  layout.capacity = capacity;
  std::size_t end = 0;
  const auto place = [&end](std::size_t length) {
    // A binding of zero bytes is not allowed, so an empty section still holds one float4.
    const Section section{end, std::max<std::size_t>(length, 16)};
    end = (end + section.bytes + kAlignment - 1) / kAlignment * kAlignment;
    return section;
  };
  const FrameCapacity& c = capacity;
#define FL_PLACE(name, type, elements) layout.name = place(std::size_t{elements} * sizeof(type));
  FL_FRAME_SECTIONS(FL_PLACE)
#undef FL_PLACE
  layout.bytes = end;
  return layout;
}

std::uint32_t SlotExchange::begin_write() {
  const std::uint32_t newest = latest_.load(std::memory_order_relaxed);  // only the producer changes it
  for (std::uint32_t slot = 0; slot < kFrameSlots; ++slot) {
    if (slot == newest) continue;
    std::int32_t free = 0;
    // Acquire: the readers' last uses happen before our first write.
    if (owners_[slot].compare_exchange_strong(free, kWriting, std::memory_order_acquire,
                                              std::memory_order_relaxed))
      return slot;
  }
  return kNone;
}

void SlotExchange::publish(std::uint32_t slot) {
  FL_CHECK(slot < kFrameSlots && owners_[slot].load(std::memory_order_relaxed) == kWriting);
  owners_[slot].store(0, std::memory_order_release);
  latest_.store(slot, std::memory_order_release);
  published_.fetch_add(1, std::memory_order_release);
}

std::uint32_t SlotExchange::acquire_latest() {
  for (;;) {
    const std::uint32_t slot = latest_.load(std::memory_order_acquire);
    if (slot == kNone) return kNone;
    std::int32_t readers = owners_[slot].load(std::memory_order_relaxed);
    while (readers != kWriting) {
      if (!owners_[slot].compare_exchange_weak(readers, readers + 1, std::memory_order_acquire,
                                               std::memory_order_relaxed))
        continue;
      // Between the look at latest_ and the exchange the producer may have rewritten this slot and not yet
      // announced it. Taking it now would let the next call go back by one frame.
      if (latest_.load(std::memory_order_acquire) == slot) return slot;
      release(slot);
      break;
    }
    // The producer took it for a new frame, so a newer one has been published meanwhile: look again.
  }
}

void SlotExchange::release(std::uint32_t slot) {
  FL_CHECK(slot < kFrameSlots);
  const std::int32_t before = owners_[slot].fetch_sub(1, std::memory_order_release);
  FL_CHECK(before > 0);
}

}  // namespace fl
