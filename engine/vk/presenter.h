#pragma once
// Presents pictures on a thread of its own. A software renderer draws the whole picture before it gives the
// call back, and a display may keep it waiting; whoever owns the window hears the keys, the close button and
// the end of a loading meanwhile.

#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/vk/swapchain.h"

namespace fl {

class Presenter {
 public:
  // `swapchain` outlives it. `free` is called on this object's thread each time that it is no longer busy.
  Presenter(Swapchain& swapchain, std::function<void()> free);
  // Waits for the picture in hand.
  ~Presenter() = default;
  Presenter(const Presenter&) = delete;
  Presenter& operator=(const Presenter&) = delete;

  // The image's frame is submitted. `done` is called on this object's thread as soon as the picture is drawn
  // and on its way to the display, or failed. Precondition: not busy().
  void present(const SwapchainImage& image, std::function<void()> done);
  // While it is, nobody else uses the swapchain. Throws what the presentation threw, once.
  [[nodiscard]] bool busy();

 private:
  void loop(const std::stop_token& stop);

  Swapchain& swapchain_;
  std::function<void()> free_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::optional<SwapchainImage> image_;
  std::function<void()> done_;
  std::exception_ptr failure_;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace fl
