#include "trainer/session/session_log.h"

namespace fl {

void SessionLog::add(std::int64_t step, const Command& command) {
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  const std::scoped_lock lock(mutex_);
  commands_.push_back({step, seconds, command});
}

std::vector<LoggedCommand> SessionLog::commands() const {
  const std::scoped_lock lock(mutex_);
  return commands_;
}

}  // namespace fl
