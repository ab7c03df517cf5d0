#pragma once
// The ring's producer on the CUDA backend's device of host memory: slots are Vulkan's memory imported, the
// stream is that device's. It works when somebody waits, so a published frame is waited for.

#include <array>
#include <vector>

#include "engine/bridge/timeline_ring.h"
#include "tests/support/imported_buffer.h"
#include "trainer/backend/cuda/device.h"

namespace fl::test {

class FakeQueue final : public ProducerQueue {
 public:
  FakeQueue(const Device& device, const RingTimelines& timelines,
            std::span<const Buffer, kFrameSlots> buffers, const FrameLayout& layout);

  [[nodiscard]] std::span<std::byte> memory(std::uint32_t slot) const override {
    return slots_.at(slot).mapped();
  }
  [[nodiscard]] void* stream() const override { return stream_.handle(); }
  Result<void> wait_consumed(std::uint64_t value) override;
  Result<void> keep_header(std::uint32_t slot) override;
  Result<void> signal_published(std::uint64_t value) override;
  [[nodiscard]] FrameHeader header(std::uint32_t slot) const override { return headers_.at(slot); }
  Result<void> finish(std::chrono::milliseconds timeout) override;

 private:
  const Device& device_;
  const RingTimelines& timelines_;
  std::size_t header_offset_;
  std::vector<testing::ImportedBuffer> slots_;
  std::array<FrameHeader, kFrameSlots> headers_;
  cuda::Stream stream_;
};

}  // namespace fl::test
