#pragma once
// Where one processor trains and draws: says to a session's governor what matters most just now, and hears
// from it what each had.

#include <chrono>
#include <optional>

#include "trainer/session/pace/governor.h"
#include "trainer/session/status.h"

namespace fl {

class SharedTime {
 public:
  using Clock = Governor::Clock;

  // A lesson begins. `training`: the part of its speed that its scene wants training to keep; nothing where
  // pictures have a processor of their own. How much of the time that takes shows as it goes on: work in
  // turns has cold caches.
  void begin(Governor& governor, std::optional<double> training);
  void touched(Clock::time_point now);  // somebody moved the camera or a control
  // In each turn. `moving`: the camera goes on by itself.
  void look(Governor& governor, const Status& status, bool moving, Clock::time_point now);
  // What each had about a second ago; nothing at first, and where nothing is shared.
  [[nodiscard]] const std::optional<Shares>& had() const { return had_; }

 private:
  void correct(Governor& governor);
  void share_out(Governor& governor);

  std::optional<double> training_;
  double part_ = 0;       // of the time, for that
  bool hurried_ = false;  // training takes all it may
  Urgent urgent_ = Urgent::kNothing;
  bool surface_stands_ = false;  // this lesson has had one worth looking at
  Clock::time_point touched_until_{}, measured_{};
  std::optional<Shares> had_;
};

}  // namespace fl
