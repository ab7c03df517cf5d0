#pragma once
// What was asked of a session, and when: in the order in which it was applied.

#include <chrono>
#include <cstdint>
#include <mutex>
#include <vector>

#include "trainer/subjects/command.h"

namespace fl {

struct LoggedCommand {
  std::int64_t step = 0;  // steps taken when it was applied
  double seconds = 0;     // since the session began
  Command command;
};

// Written by the session's thread, read by any.
class SessionLog {
 public:
  void add(std::int64_t step, const Command& command);
  [[nodiscard]] std::vector<LoggedCommand> commands() const;

 private:
  using Clock = std::chrono::steady_clock;

  Clock::time_point begun_ = Clock::now();
  mutable std::mutex mutex_;
  std::vector<LoggedCommand> commands_;
};

}  // namespace fl
