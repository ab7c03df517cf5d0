#include "trainer/base/background.h"

#include <exception>
#include <system_error>
#include <utility>

#include "trainer/base/failure_text.h"
#include "trainer/base/log.h"
#include "trainer/base/threads.h"

namespace fl {
namespace {

void do_work(const Background::Work& work, const std::stop_token& stop) {
  try {
    work(stop);
  } catch (const std::exception& e) {
    log_warning("something was left undone in the background: {}", failure_text(e));
  }
}

}  // namespace

Background::~Background() {
  std::unique_lock lock(mutex_);
  ending_ = true;
  changed_.notify_all();
  changed_.wait_for(lock, patience_, [this] { return queue_.empty(); });
  thread_.request_stop();  // and joins
}

void Background::add(Work work) {
  const std::scoped_lock lock(mutex_);
  try {
    if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { loop(stop); });
    queue_.push_back(std::move(work));
    changed_.notify_all();
  } catch (const std::system_error&) {
    do_work(work, {});
  }
}

void Background::loop(const std::stop_token& stop) {
  let_others_first();
  std::unique_lock lock(mutex_);
  const auto something = [this] { return ending_ || !queue_.empty(); };
  while (changed_.wait(lock, stop, something) && !queue_.empty() && !stop.stop_requested()) {
    lock.unlock();
    do_work(queue_.front(), stop);
    lock.lock();
    queue_.pop_front();
    changed_.notify_all();
  }
}

}  // namespace fl
