#pragma once
// A producer's device queue that is a thread: it takes work in order, waits for `consumed` and raises
// `published` on plain timeline semaphores, and writes the imported memory of the slots. What CUDA's stream
// does on a graphics card.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/imported_queue.h"

namespace fl::testing {

class ThreadQueue final : public ImportedQueue {
 public:
  ThreadQueue(const Device& device, const RingTimelines& timelines,
              std::span<const Buffer, kFrameSlots> buffers, const FrameLayout& layout);
  ~ThreadQueue() override;

  // What a slot's writer queues: FrameSlot::stream is the queue.
  static ThreadQueue& of(const FrameSlot& slot) { return *static_cast<ThreadQueue*>(slot.stream); }
  void write(std::function<void()> work) { push(std::move(work)); }

  // Mishaps. The queue executes nothing any more, as a hung device:
  void die();
  // The next call of this name fails and queues nothing: "wait", "header" or "signal".
  void fail_next(const std::string& call) { failing_ = call; }
  // Before each signal, so that the producer is behind.
  void slow_down(std::chrono::microseconds pause) { pause_ = pause; }
  // What was destroyed, in order, by the queues of the process.
  static std::vector<std::string>& log();

  [[nodiscard]] void* stream() const override { return const_cast<ThreadQueue*>(this); }  // NOLINT: opaque
  Result<void> wait_consumed(std::uint64_t value) override;
  Result<void> keep_header(std::uint32_t slot) override;
  Result<void> signal_published(std::uint64_t value) override;
  Result<void> finish(std::chrono::milliseconds timeout) override;

 private:
  void push(std::function<void()> work);
  void loop(const std::stop_token& stop);
  Result<void> fails(const char* call);

  std::string failing_;
  std::chrono::microseconds pause_{0};

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> work_;
  bool busy_ = false, dead_ = false;
  std::stop_token stop_;
  std::jthread thread_;
};

}  // namespace fl::testing
