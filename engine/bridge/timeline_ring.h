#pragma once
// The frame ring for a trainer that works on a device queue of its own: three device-local buffers whose
// memory the producer imports, and the two timeline semaphores of TimelineExchange. What the producer's API
// is stands behind ProducerQueue: CUDA (cuda_ring.h), or a test's thread.
//
// Teardown: the producer's thread is joined first; the destructor then waits for both queues, lets the
// producer drop what it imported, and frees the Vulkan objects last.

#include <functional>
#include <memory>

#include "engine/bridge/frame_ring.h"
#include "engine/bridge/timeline_exchange.h"
#include "engine/vk/buffer.h"

namespace fl {

// The producer's end of the two semaphores and its view of the slots. All calls but header() come from the
// producer's thread; they only queue. An error is one sentence, and nothing was queued then.
class ProducerQueue {
 public:
  virtual ~ProducerQueue() = default;
  // Where slot `slot` lies for what is queued, and the queue itself, for FrameSlot.
  [[nodiscard]] virtual std::span<std::byte> memory(std::uint32_t slot) const = 0;
  [[nodiscard]] virtual void* stream() const = 0;
  // What is queued next begins when `consumed` has reached `value`.
  virtual Result<void> wait_consumed(std::uint64_t value) = 0;
  // Copies the header that was written into the slot to where header() finds it, at the latest when the
  // `published` value signalled next is reached.
  virtual Result<void> keep_header(std::uint32_t slot) = 0;
  virtual Result<void> signal_published(std::uint64_t value) = 0;
  [[nodiscard]] virtual FrameHeader header(std::uint32_t slot) const = 0;
  // Waits until all that was queued is done. Errors: it is not after `timeout`.
  virtual Result<void> finish(std::chrono::milliseconds timeout) = 0;
};

// The two semaphores. They may outlive a ring: the next one goes on with their values, which only rise.
struct RingTimelines {
  // `exported`: another API can import them; the device supports that.
  RingTimelines(const Device& device, bool exported);
  SemaphoreHandle published, consumed;
};

class TimelineRing final : public FrameRing {
 public:
  using MakeQueue = std::function<Result<std::unique_ptr<ProducerQueue>>(std::span<const Buffer, kFrameSlots>,
                                                                         const FrameLayout&)>;
  // Slots begin as zeros. No other ring uses the timelines meanwhile. Errors: what `make_queue` says. Throws
  // VulkanError when memory runs out.
  static Result<std::unique_ptr<TimelineRing>> create(Device& device,
                                                      std::shared_ptr<const RingTimelines> timelines,
                                                      const FrameCapacity& capacity,
                                                      const MakeQueue& make_queue);
  ~TimelineRing() override;
  TimelineRing(const TimelineRing&) = delete;
  TimelineRing& operator=(const TimelineRing&) = delete;

  // The trainer's end. Both throw std::runtime_error with one sentence when the producer's API fails.
  [[nodiscard]] const FrameLayout& layout() const override { return layout_; }
  [[nodiscard]] std::optional<FrameSlot> try_begin_write() override;
  void publish(const FrameSlot& slot, const Frame& frame) override;

  // The renderer's end.
  std::optional<AcquiredFrame> acquire_latest() override;
  [[nodiscard]] SlotReading reading(const AcquiredFrame& frame) override;
  void submitted(const AcquiredFrame& frame, std::uint64_t number) override;
  void abandoned(const AcquiredFrame& frame) override;
  void completed(std::uint64_t) override {}  // `consumed` says it
  [[nodiscard]] std::uint64_t published() const override;
  Result<void> wait_for_published(std::chrono::milliseconds timeout) override;
  [[nodiscard]] std::array<VkBuffer, kFrameSlots> buffers() const override;

 private:
  TimelineRing(Device& device, std::shared_ptr<const RingTimelines> timelines, const FrameCapacity& capacity);

  Device& device_;
  std::shared_ptr<const RingTimelines> timelines_;
  FrameLayout layout_;
  // Recorded once for each slot: from the producer's API to this one before a reading submission, and back behind it.
  struct HandOver {
    VkCommandBuffer take = VK_NULL_HANDLE, give = VK_NULL_HANDLE;
  };
  void record_hand_overs();

  std::array<Buffer, kFrameSlots> buffers_;
  CommandPoolHandle pool_;
  std::array<HandOver, kFrameSlots> hand_overs_;
  TimelineExchange exchange_;
  std::unique_ptr<ProducerQueue> queue_;
  std::optional<TimelineExchange::Write> writing_;
  std::array<FrameFacts, kFrameSlots> facts_;  // guarded by the exchange, as the slots are
};

}  // namespace fl
