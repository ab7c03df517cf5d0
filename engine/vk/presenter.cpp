#include "engine/vk/presenter.h"

#include <utility>

#include "trainer/base/check.h"

namespace fl {

Presenter::Presenter(Swapchain& swapchain, std::function<void()> free)
    : swapchain_(swapchain),
      free_(std::move(free)),
      thread_([this](const std::stop_token& stop) { loop(stop); }) {}

void Presenter::present(const SwapchainImage& image, std::function<void()> done) {
  {
    const std::scoped_lock lock(mutex_);
    FL_CHECK(!image_);
    image_ = image;
    done_ = std::move(done);
  }
  wake_.notify_one();
}

bool Presenter::busy() {
  const std::scoped_lock lock(mutex_);
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
  return image_.has_value();
}

void Presenter::loop(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (wake_.wait(lock, stop, [this] { return image_.has_value(); })) {
    const SwapchainImage image = *image_;
    lock.unlock();
    std::exception_ptr failure;
    try {
      swapchain_.present(image);
    } catch (...) {
      failure = std::current_exception();
    }
    done_();
    lock.lock();
    failure_ = failure;
    image_.reset();
    lock.unlock();
    free_();
    lock.lock();
  }
}

}  // namespace fl
