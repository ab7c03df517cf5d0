#include "engine/film/sink_thread.h"

#include <utility>

#include "trainer/base/failure_text.h"

namespace fl {

SinkThread::SinkThread(std::unique_ptr<PictureSink> sink, std::size_t most_waiting)
    : sink_(std::move(sink)),
      most_waiting_(most_waiting),
      thread_([this](const std::stop_token& stop) { work(stop); }) {}

SinkThread::~SinkThread() = default;

Result<void> SinkThread::pass_on(const Picture& picture) {
  try {
    return sink_->add(picture);
  } catch (const std::exception& e) {
    return error("The film ends here: {}.", failure_text(e));
  }
}

void SinkThread::work(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (changed_.wait(lock, stop, [&] { return !waiting_.empty(); }) && !stop.stop_requested()) {
    const Picture picture = std::move(waiting_.front());
    waiting_.pop_front();
    busy_ = true;
    const bool fine = result_.ok();
    lock.unlock();
    changed_.notify_all();
    auto taken = fine ? pass_on(picture) : Result<void>();
    lock.lock();
    if (!taken) result_ = std::move(taken);
    busy_ = false;
    changed_.notify_all();
  }
}

Result<void> SinkThread::add(Picture picture) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.size() < most_waiting_ || !result_.ok(); });
  if (!result_) return result_;
  waiting_.push_back(std::move(picture));
  lock.unlock();
  changed_.notify_all();
  return {};
}

Result<void> SinkThread::finish() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return waiting_.empty() && !busy_; });
  return result_ ? sink_->finish() : result_;
}

}  // namespace fl
