#pragma once
// A frame ring in plain memory: what a run publishes, without a device.

#include <cstring>
#include <vector>

#include "trainer/seam/frame.h"

namespace fl::test {

class PlainRing final : public FrameSink {
 public:
  // `stream`: what slots say of themselves; not null for a ring that plays a device's.
  explicit PlainRing(const FrameCapacity& capacity, void* stream = nullptr)
      : layout_(FrameLayout::for_capacity(capacity)), stream_(stream) {
    for (auto& slot : slots_) slot.resize(layout_.bytes / sizeof(float));
  }
  [[nodiscard]] const FrameLayout& layout() const override { return layout_; }
  [[nodiscard]] std::optional<FrameSlot> try_begin_write() override {
    const std::uint32_t index = exchange_.begin_write();
    if (index == SlotExchange::kNone) return std::nullopt;
    return view(index);
  }
  void publish(const FrameSlot& slot, const Frame& frame) override {
    frames_[slot.index] = frame;
    if (stream_ == nullptr)
      std::memcpy(slot.memory.data() + layout_.header.offset, &frame.header, sizeof(FrameHeader));
    exchange_.publish(slot.index);
  }
  [[nodiscard]] std::uint64_t published() const { return exchange_.published(); }

  // The newest frame, held until the next call.
  struct Read : Frame {
    FrameSlot slot;
  };
  std::optional<Read> read() {
    if (held_ != SlotExchange::kNone) exchange_.release(held_);
    held_ = exchange_.acquire_latest();
    if (held_ == SlotExchange::kNone) return std::nullopt;
    return Read{frames_[held_], view(held_)};
  }

 private:
  FrameSlot view(std::uint32_t index) {
    return {index, std::as_writable_bytes(std::span(slots_[index])), &layout_, stream_};
  }
  FrameLayout layout_;
  void* stream_;
  std::array<std::vector<float>, kFrameSlots> slots_;
  std::array<Frame, kFrameSlots> frames_;
  SlotExchange exchange_;
  std::uint32_t held_ = SlotExchange::kNone;
};

}  // namespace fl::test
