#pragma once
// What happened in a session, in order and with its time: the commands as they were applied, what the thread
// did between them, and how whoever looks changed the view. Enough to do all of it again.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <variant>
#include <vector>

#include "trainer/base/json.h"
#include "trainer/base/limits.h"
#include "trainer/session/trace.h"
#include "trainer/subjects/command.h"

namespace fl {

// The members of the view that changed. What they mean is the matter of whoever shows the session.
struct ViewChange {
  Json members;
  bool operator==(const ViewChange&) const = default;
};

struct SessionEvent {
  double seconds = 0;     // since the session began; never falls
  std::int64_t step = 0;  // steps taken by then; of a view change as of the event before
  std::variant<Command, Trace, ViewChange> what;
  std::optional<std::uint32_t> run{};  // whose, from 0; none: the whole session's
  bool operator==(const SessionEvent&) const = default;
};

class SessionLog {
 public:
  // Events up to `most_bytes` of memory are kept: the first ones, so that what is kept can be done again.
  explicit SessionLog(std::size_t most_bytes = kMostSessionLogBytes) : most_bytes_(most_bytes) {}

  // By the thread that drives the session. What was done is kept as an event of its own at the latest when
  // kMarkInterval is over or a command comes; close() does it now.
  void did(Deed deed, std::int64_t step);
  // Of ShowPixels the name is kept, not the pixels. When it came, in seconds; nothing where the log is full.
  std::optional<double> add(const Command& command, std::int64_t step);
  void close(std::int64_t step);
  // By any thread. Changes of one picture's time are one event.
  void add_view(Json members);
  [[nodiscard]] std::vector<SessionEvent> events() const;
  // Whether something was not kept because it is full: then nothing after it is, either.
  [[nodiscard]] bool cut() const;

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kMarkInterval = std::chrono::milliseconds(50);

  // All with mutex_ locked.
  void add(std::variant<Command, Trace, ViewChange> what);
  // Makes the view's change a part of the last event, if that is one of the same picture.
  bool merge_view(const Json& members);
  // Whether there was room for that many bytes more.
  bool take_room(std::size_t bytes);
  [[nodiscard]] double seconds() const;

  const std::size_t most_bytes_;
  Clock::time_point begun_ = Clock::now(), marked_ = begun_;
  Trace open_;  // the driving thread's
  mutable std::mutex mutex_;
  std::int64_t step_ = 0;
  std::vector<SessionEvent> events_;
  std::size_t bytes_ = 0;  // of them
  bool cut_ = false;
};

}  // namespace fl
