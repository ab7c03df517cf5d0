#include "tests/support/fake_device/fake_queue.h"

#include "tests/support/fake_device/fake_device.h"

namespace fl::test {

Result<void> FakeQueue::wait_consumed(std::uint64_t value) {
  cuda::fake::enqueue(stream_, [this, value] {
    wait_for_timeline(device_, timelines_.consumed.get(), value, std::chrono::seconds(5), "the renderer");
  });
  return {};
}

Result<void> FakeQueue::keep_header(std::uint32_t slot) {
  cuda::fake::enqueue(stream_, [this, slot] { copy_header(slot); });
  return {};
}

Result<void> FakeQueue::signal_published(std::uint64_t value) {
  cuda::fake::enqueue(stream_, [this, value] { raise_published(value); });
  stream_.synchronize();
  return {};
}

Result<void> FakeQueue::finish(std::chrono::milliseconds) {
  stream_.synchronize();
  return {};
}

}  // namespace fl::test
