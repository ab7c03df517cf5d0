#pragma once
// What long work says of itself: a line every two seconds.

#include <chrono>
#include <utility>

#include "trainer/base/log.h"

namespace fl {

class Progress {
 public:
  template <typename... Args>
  void show(fmt::format_string<Args...> format, Args&&... args) {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::seconds(2)) return;
    last_ = now;
    log_info(format, std::forward<Args>(args)...);
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

}  // namespace fl
