#pragma once
// The ring's producer on the CUDA backend's device of host memory: slots are Vulkan's memory imported, the
// stream is that device's. It works when somebody waits, so a published frame is waited for.

#include "tests/support/imported_queue.h"
#include "trainer/compute/cuda/device.h"

namespace fl::test {

class FakeQueue final : public testing::ImportedQueue {
 public:
  using ImportedQueue::ImportedQueue;

  [[nodiscard]] void* stream() const override { return stream_.handle(); }
  Result<void> wait_consumed(std::uint64_t value) override;
  Result<void> keep_header(std::uint32_t slot) override;
  Result<void> signal_published(std::uint64_t value) override;
  Result<void> finish(std::chrono::milliseconds timeout) override;

 private:
  cuda::Stream stream_;
};

}  // namespace fl::test
