#pragma once
// A session done again from its file, event by event, on a new session of the same scene: the same commands
// between the same steps, with the same landscape work, so that on the same device all bytes are the same.
// When somebody looks in between changes nothing.

#include <functional>
#include <limits>
#include <optional>

#include "trainer/base/result.h"
#include "trainer/session/session.h"
#include "trainer/session/session_file.h"

namespace fl {

class Replay {
 public:
  using OnView = std::function<Result<void>(const Json& members)>;

  // Where only the weights matter, what was done for the surfaces, and chosen of them, can be left out.
  enum class Surfaces { kAgain, kLeaveOut };

  // `session` is new, was not started, and begins as file.head says; all arguments must outlive the replay.
  // `on_view` takes what changes of the view. `name`: of the file, for errors.
  Replay(Session& session, const SessionFile& file, OnView on_view, std::string name,
         Surfaces surfaces = Surfaces::kAgain);

  // Does the next event, if it is not later than `until` (seconds); whether it did one. Errors: the lesson
  // cannot go the way that the file says, or on_view's. Where the session showed pixels that it does not
  // keep, the image before stays, and the log says so.
  Result<bool> next(double until = std::numeric_limits<double>::infinity());
  [[nodiscard]] bool finished() const { return done_ == file_.events.size(); }
  // Once it has finished: whether the weights are those that the session ended with, to the byte. Nothing
  // where the file does not say those.
  [[nodiscard]] std::optional<bool> same_weights() const { return has(file_.weights); }
  // The same of the mark that was passed last.
  [[nodiscard]] std::optional<bool> same_at_mark() const { return same_at_mark_; }

 private:
  Result<void> repeat(const SessionEvent& event);
  Result<void> repeat(const Trace& trace);
  [[nodiscard]] std::optional<bool> has(const std::string& weights) const;
  [[nodiscard]] Error wrong(const std::string& what) const;

  Session& session_;
  const SessionFile& file_;
  OnView on_view_;
  std::string name_;
  Surfaces surfaces_;
  std::size_t done_ = 0;  // events
  std::optional<bool> same_at_mark_;
};

}  // namespace fl
