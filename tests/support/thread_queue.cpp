#include "tests/support/thread_queue.h"

namespace fl::testing {

ThreadQueue::ThreadQueue(const Device& device, const RingTimelines& timelines,
                         std::span<const Buffer, kFrameSlots> buffers, const FrameLayout& layout)
    : ImportedQueue(device, timelines, buffers, layout) {
  thread_ = std::jthread([this](const std::stop_token& stop) { loop(stop); });
  stop_ = thread_.get_stop_token();
}

ThreadQueue::~ThreadQueue() {
  thread_.request_stop();
  thread_.join();
  log().emplace_back("queue");
}

std::vector<std::string>& ThreadQueue::log() {
  static std::vector<std::string> entries;
  return entries;
}

void ThreadQueue::push(std::function<void()> work) {
  {
    const std::scoped_lock lock(mutex_);
    work_.push_back(std::move(work));
  }
  changed_.notify_all();
}

void ThreadQueue::loop(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [this] { return !work_.empty() && !dead_; })) {
    if (stop.stop_requested()) return;
    auto work = std::move(work_.front());
    work_.pop_front();
    busy_ = true;
    lock.unlock();
    work();
    lock.lock();
    busy_ = false;
    changed_.notify_all();
  }
}

void ThreadQueue::die() {
  const std::scoped_lock lock(mutex_);
  dead_ = true;
}

Result<void> ThreadQueue::fails(const char* call) {
  if (failing_ != call) return {};
  failing_.clear();
  return error("The call \"{}\" of the test's queue failed", call);
}

Result<void> ThreadQueue::wait_consumed(std::uint64_t value) {
  if (auto failed = fails("wait"); !failed) return failed;
  push([this, value] {
    const VkSemaphore consumed = timelines_.consumed.get();
    VkSemaphoreWaitInfo info{VK_STRUCTURE_TYPE_SEMAPHORE_WAIT_INFO};
    info.semaphoreCount = 1;
    info.pSemaphores = &consumed;
    info.pValues = &value;
    while (!stop_.stop_requested() && vkWaitSemaphores(device_.handle(), &info, 10'000'000) == VK_TIMEOUT) {
    }
  });
  return {};
}

Result<void> ThreadQueue::keep_header(std::uint32_t slot) {
  if (auto failed = fails("header"); !failed) return failed;
  push([this, slot] { copy_header(slot); });
  return {};
}

Result<void> ThreadQueue::signal_published(std::uint64_t value) {
  if (auto failed = fails("signal"); !failed) return failed;
  push([this, value] {
    if (pause_.count() > 0) std::this_thread::sleep_for(pause_);
    raise_published(value);
  });
  return {};
}

Result<void> ThreadQueue::finish(std::chrono::milliseconds timeout) {
  std::unique_lock lock(mutex_);
  if (changed_.wait_for(lock, timeout, [this] { return work_.empty() && !busy_; })) return {};
  return error("Waited {:.3g} s for the test's queue, which did not finish",
               std::chrono::duration<double>(timeout).count());
}

}  // namespace fl::testing
