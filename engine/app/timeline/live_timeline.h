#pragma once
// A scene's timeline in the window, beside the session's own thread: a preview of the film. The clock is the
// window's; before what waits for a step it waits, too, where the training is not as fast as its pace.

#include <chrono>

#include "engine/app/studio/studio.h"
#include "engine/app/timeline/conductor.h"

namespace fl {

class LiveTimeline {
 public:
  using Clock = std::chrono::steady_clock;
  explicit LiveTimeline(Conductor conductor) : conductor_(std::move(conductor)) {}

  [[nodiscard]] bool playing() const { return playing_; }
  // From the beginning, where the lesson begins anew, too; or ends it.
  void toggle(Studio& studio);
  // The next picture shows how that second is seen: camera, words, theme. The training stays where it is, and
  // so does the view from then on, until somebody changes it.
  void look_at(double seconds, Studio& studio);
  // It is not to be seen any more, unless it plays.
  void leave(Studio& studio);
  // The scene's timeline is another one by now.
  void change(Conductor conductor, Studio& studio);
  [[nodiscard]] double seconds() const { return seconds_; }
  // Before each picture. `aspect` as Conductor::go_to's, of this picture.
  void turn(Clock::time_point now, Studio& studio, float aspect);

 private:
  void stop(Studio& studio);
  void set_pace(double pace, Studio& studio);

  Conductor conductor_;
  bool playing_ = false, look_ = false;
  double seconds_ = 0;    // of the film
  std::size_t next_ = 0;  // event
  std::optional<Clock::time_point> last_{};
};

}  // namespace fl
