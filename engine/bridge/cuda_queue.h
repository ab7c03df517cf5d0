#pragma once
// ProducerQueue over a CUDA stream: slots are Vulkan's allocations mapped into CUDA, `published` and
// `consumed` its timeline semaphores (CUDA Runtime API, "External Resource Interoperability").

#include <array>
#include <memory>
#include <span>

#include <cuda_runtime_api.h>

#include "engine/bridge/timeline_ring.h"

namespace fl {

class CudaQueue final : public ProducerQueue {
 public:
  // On the calling thread's device; every call makes that device current, because the trainer has a thread of
  // its own. Errors: the first CUDA call that failed.
  static Result<std::unique_ptr<ProducerQueue>> create(const Device& device, const RingTimelines& timelines,
                                                       std::span<const Buffer, kFrameSlots> buffers,
                                                       const FrameLayout& layout);
  ~CudaQueue() override;
  CudaQueue(const CudaQueue&) = delete;
  CudaQueue& operator=(const CudaQueue&) = delete;

  [[nodiscard]] std::span<std::byte> memory(std::uint32_t slot) const override {
    return slots_.at(slot).memory;
  }
  [[nodiscard]] void* stream() const override { return stream_; }
  Result<void> wait_consumed(std::uint64_t value) override;
  Result<void> keep_header(std::uint32_t slot) override;
  Result<void> signal_published(std::uint64_t value) override;
  [[nodiscard]] FrameHeader header(std::uint32_t slot) const override { return headers_[slot]; }
  Result<void> finish(std::chrono::milliseconds timeout) override;

 private:
  struct Slot {
    cudaExternalMemory_t imported = nullptr;
    std::span<std::byte> memory;
  };
  CudaQueue() = default;
  Result<void> import_slot(const Device& device, const Buffer& buffer, Slot& slot);
  Result<void> import_timeline(const Device& device, VkSemaphore semaphore,
                               cudaExternalSemaphore_t& imported);

  int device_ = 0;
  std::size_t header_offset_ = 0;
  cudaStream_t stream_ = nullptr;
  std::array<Slot, kFrameSlots> slots_;
  cudaExternalSemaphore_t published_ = nullptr, consumed_ = nullptr;
  FrameHeader* headers_ = nullptr;  // pinned, one a slot
};

}  // namespace fl
