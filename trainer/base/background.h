#pragma once
// Work that nobody waits for, such as filling a cache: one piece after the other, on a thread of its own that
// lets others first.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace fl {

class Background {
 public:
  // To be given up when `stop` asks for it. What it throws is lost with it.
  using Work = std::function<void(const std::stop_token& stop)>;

  // `patience`: how long the end waits for what is not done yet.
  explicit Background(std::chrono::milliseconds patience = std::chrono::seconds(1)) : patience_(patience) {}
  // Waits until all is done, or else gives it up.
  ~Background();
  Background(const Background&) = delete;
  Background& operator=(const Background&) = delete;

  // Any thread. Where no thread is to be had, the work is done at once.
  void add(Work work);

 private:
  void loop(const std::stop_token& stop);

  const std::chrono::milliseconds patience_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Work> queue_;  // what is being done is the first
  bool ending_ = false;
  std::jthread thread_;  // from the first work on
};

}  // namespace fl
