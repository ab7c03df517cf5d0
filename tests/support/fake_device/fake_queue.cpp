#include "tests/support/fake_device/fake_queue.h"

#include <cstring>

#include "engine/vk/check.h"
#include "tests/support/fake_device/fake_device.h"

namespace fl::test {

FakeQueue::FakeQueue(const Device& device, const RingTimelines& timelines,
                     std::span<const Buffer, kFrameSlots> buffers, const FrameLayout& layout)
    : device_(device), timelines_(timelines), header_offset_(layout.header.offset) {
  for (const Buffer& buffer : buffers) slots_.emplace_back(device, buffer);
}

Result<void> FakeQueue::wait_consumed(std::uint64_t value) {
  cuda::fake::enqueue(stream_, [this, value] {
    wait_for_timeline(device_, timelines_.consumed.get(), value, std::chrono::seconds(5), "the renderer");
  });
  return {};
}

Result<void> FakeQueue::keep_header(std::uint32_t slot) {
  cuda::fake::enqueue(stream_, [this, slot] {
    std::memcpy(&headers_[slot], slots_[slot].mapped().data() + header_offset_, sizeof(FrameHeader));
  });
  return {};
}

Result<void> FakeQueue::signal_published(std::uint64_t value) {
  cuda::fake::enqueue(stream_, [this, value] {
    VkSemaphoreSignalInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_SIGNAL_INFO};
    info.semaphore = timelines_.published.get();
    info.value = value;
    VK_CHECK(vkSignalSemaphore(device_.handle(), &info));
  });
  stream_.synchronize();
  return {};
}

Result<void> FakeQueue::finish(std::chrono::milliseconds) {
  stream_.synchronize();
  return {};
}

}  // namespace fl::test
