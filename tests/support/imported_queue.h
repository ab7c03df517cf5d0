#pragma once
// What the tests' producer queues share: slots that are Vulkan's memory, imported; headers kept from them;
// the host raises `published`. When each of it happens is the queue's own.

#include <array>
#include <cstring>
#include <vector>

#include "engine/bridge/timeline_ring.h"
#include "engine/vk/check.h"
#include "tests/support/imported_buffer.h"

namespace fl::testing {

class ImportedQueue : public ProducerQueue {
 public:
  // Device and timelines must live longer.
  ImportedQueue(const Device& device, const RingTimelines& timelines,
                std::span<const Buffer, kFrameSlots> buffers, const FrameLayout& layout)
      : device_(device), timelines_(timelines), header_offset_(layout.header.offset) {
    for (const Buffer& buffer : buffers) slots_.emplace_back(device, buffer);
  }

  [[nodiscard]] std::span<std::byte> memory(std::uint32_t slot) const override {
    return slots_.at(slot).mapped();
  }
  [[nodiscard]] FrameHeader header(std::uint32_t slot) const override { return headers_.at(slot); }

 protected:
  void copy_header(std::uint32_t slot) {
    std::memcpy(&headers_.at(slot), memory(slot).data() + header_offset_, sizeof(FrameHeader));
  }
  void raise_published(std::uint64_t value) const {
    VkSemaphoreSignalInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_SIGNAL_INFO};
    info.semaphore = timelines_.published.get();
    info.value = value;
    VK_CHECK(vkSignalSemaphore(device_.handle(), &info));
  }

  const Device& device_;
  const RingTimelines& timelines_;

 private:
  std::size_t header_offset_;
  std::vector<ImportedBuffer> slots_;
  std::array<FrameHeader, kFrameSlots> headers_;
};

}  // namespace fl::testing
