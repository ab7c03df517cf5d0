#pragma once
// A loading that somebody waits for at a terminal: the log says how far it is, of one that takes its time,
// and Ctrl-C ends it.

#include <chrono>
#include <stop_token>

#include "trainer/data/load_watch.h"

namespace fl {

class ToldLoading {
 public:
  // For one loading; must outlive it.
  [[nodiscard]] LoadWatch watch();
  // What the loading ended with; that it was interrupted, where it was.
  [[nodiscard]] static Error ended(const Error& error);

 private:
  void hear(const LoadProgress& progress);

  std::stop_source stop_;
  std::chrono::steady_clock::time_point told_ = std::chrono::steady_clock::now();
};

}  // namespace fl
