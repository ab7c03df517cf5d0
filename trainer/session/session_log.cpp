#include "trainer/session/session_log.h"

#include <utility>

namespace fl {

void SessionLog::add(std::variant<Command, Trace, ViewChange> what) {
  const double seconds = std::chrono::duration<double>(Clock::now() - begun_).count();
  events_.push_back({seconds, step_, std::move(what)});
}

void SessionLog::did(Deed deed, std::int64_t step) {
  add_deed(open_, deed);
  if (Clock::now() - marked_ >= kMarkInterval) close(step);
}

void SessionLog::close(std::int64_t step) {
  if (open_.empty()) return;
  marked_ = Clock::now();
  const std::scoped_lock lock(mutex_);
  step_ = step;
  add(std::exchange(open_, {}));
}

void SessionLog::add(const Command& command, std::int64_t step) {
  close(step);
  const std::scoped_lock lock(mutex_);
  step_ = step;
  if (const auto* show = std::get_if<command::ShowPixels>(&command))
    add(command::show_pixels({show->image->name}));
  else
    add(command);
}

void SessionLog::add_view(Json members) {
  const std::scoped_lock lock(mutex_);
  add(ViewChange{std::move(members)});
}

std::vector<SessionEvent> SessionLog::events() const {
  const std::scoped_lock lock(mutex_);
  return events_;
}

}  // namespace fl
