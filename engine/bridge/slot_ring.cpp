#include "engine/bridge/slot_ring.h"

#include <cstring>

#include "trainer/base/check.h"

namespace fl {

SlotRing::SlotRing(const FrameLayout& layout, const std::array<std::span<std::byte>, kFrameSlots>& memory,
                   bool looks)
    : layout_(layout), memory_(memory), looks_(looks) {
  for (const auto& slot : memory_) FL_CHECK(slot.size() >= layout_.bytes);
}

std::optional<FrameSlot> SlotRing::try_begin_write() {
  const std::uint32_t slot = exchange_.begin_write();
  if (slot == SlotExchange::kNone) return std::nullopt;
  return FrameSlot{slot, memory_[slot], &layout_};
}

void SlotRing::publish(const FrameSlot& slot, const Frame& frame) {
  std::memcpy(slot.memory.data() + layout_.header.offset, &frame.header, sizeof(frame.header));
  SlotContents contents;
  if (looks_)
    contents = look(slot, frame);
  else  // few, and words stand at them in every picture
    contents.phase_marks = slot.phase_marks().first(frame.facts.phase.marks);
  kept_[slot.index] = {next_number_++, frame, contents};
  published_last_ = slot.index;
  exchange_.publish(slot.index);
}

// The slot published before is nobody's to write until there is a newer one.
SlotContents SlotRing::look(const FrameSlot& slot, const Frame& frame) const {
  const SlotView now{&layout_, slot.memory, &frame};
  if (published_last_ == SlotExchange::kNone) return contents_after({}, {}, now);
  const Kept& before = kept_[published_last_];
  return contents_after({&layout_, memory_[published_last_], &before.frame}, before.contents.revisions, now);
}

std::optional<AcquiredFrame> SlotRing::acquire_latest() {
  const std::uint32_t slot = exchange_.acquire_latest();
  if (slot == SlotExchange::kNone) return std::nullopt;
  return AcquiredFrame{kept_[slot].frame, slot, kept_[slot].number, kept_[slot].contents};
}

}  // namespace fl
