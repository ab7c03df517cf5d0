#pragma once
// Shares one processor out among training, the surface and pictures, where it does all three: a software
// renderer beside a training on the CPU. Each has a share of the time, whatever its single steps cost; what
// one does not want goes to the others. Pictures and the session's work take turns instead of running into
// each other: a step that waits for a core in its middle costs twice its time.
//
// Times are passed in, and nothing in here decides what is computed: only when. All functions: any thread.

#include <array>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <stop_token>

namespace fl {

enum class Activity : std::size_t { kTraining, kSurface, kPictures };
inline constexpr std::size_t kActivities = 3;

// Parts of the time; they add up to 1.
struct Shares {
  double training = 0.5, surface = 0.5, pictures = 0;
};

// What matters most just now where one processor also draws.
enum class Urgent {
  kNothing,
  kSurface,  // there is none worth looking at yet
  kNext,     // the ball has left the one that is shown
  kHandsOn,  // somebody moves the camera or a control
};
// `training`: the part that the scene wants training to keep, in (0, 1). It keeps all of it where nothing is
// urgent.
[[nodiscard]] Shares shared_processor(double training, Urgent urgent);

class Governor {
 public:
  using Clock = std::chrono::steady_clock;
  using Duration = Clock::duration;

  // Without shares for pictures nobody waits for them: the renderer has a processor of its own.
  void set_shares(const Shares& shares);
  [[nodiscard]] Shares shares() const;

  // Whether an activity has something to do; at first none has. One that begins again is owed nothing for the
  // time before, and owes nothing.
  void want(Activity activity, bool wanted);
  // Between begin_turn() and end_turn() the session does one thing: a step, some points of the surface. How
  // long that took without the rests in between, which is charged to `activity`.
  void begin_turn(Clock::time_point now);
  Duration end_turn(Activity activity, Clock::time_point now);
  // The training turn that ended was so many steps.
  void stepped(std::int64_t steps, Duration took);
  // Who of the two of the session comes next, where both want to.
  [[nodiscard]] Activity next_of_session() const;

  // How long pictures have to wait until their share allows the next one; 0 where nobody else wants to work.
  // They do not wait for the end of a turn: it rests meanwhile, where it can.
  [[nodiscard]] Duration until_picture(Clock::time_point now) const;
  // Between begin_picture() and end_picture() the session rests. The time between is the picture's; it is
  // charged what pictures usually take of late, so that they come evenly though one changes more than
  // another.
  void begin_picture(Clock::time_point now);
  void end_picture(Clock::time_point now);
  // What a picture takes of late, in seconds; 0: none was drawn.
  [[nodiscard]] double usual_picture() const;
  // Waits while a picture is drawn, until 0.3 s after it began at the most: a renderer that hangs must not
  // stop the training.
  void rest_while_drawing(const std::stop_token& stop);
  // The same in the middle of a turn, for each thread that works at it.
  void rest_in_turn();

  // What each had since about a second before: parts of the time, 0 to 1. Zeros at the first call.
  [[nodiscard]] Shares measure(Clock::time_point now);
  // As of then, the speed of training as a part of what it would be with all of the time: one step after the
  // other, as fast as the quicker ones of late were. 0: nothing is known.
  [[nodiscard]] double speed_kept() const;

 private:
  [[nodiscard]] double weight(Activity activity) const {
    return weights_[static_cast<std::size_t>(activity)];
  }
  void add(Activity activity, Duration time, double charged);
  // Of the turn, without rests.
  [[nodiscard]] Duration turn_took(Clock::time_point now) const;

  mutable std::mutex mutex_;
  std::condition_variable_any drawn_;
  std::array<double, kActivities> weights_{0.5, 0.5, 0};
  // Seconds used over the share: the one that is behind comes next.
  std::array<double, kActivities> clocks_{};
  std::array<bool, kActivities> wanted_{};
  bool drawing_ = false;
  std::optional<Clock::time_point> turn_since_;
  int resting_ = 0;  // threads that rest in it
  Clock::time_point resting_since_{};
  Duration rested_{};  // of the turn, before
  Clock::time_point drawing_since_{};
  double usual_picture_ = 0;  // seconds; 0: none was drawn
  // Of the measurement: seconds used, forgotten over about a second.
  std::array<double, kActivities> recent_{};
  double recent_span_ = 0, recent_steps_ = 0;
  static constexpr std::size_t kTurns = 64;
  std::array<double, kTurns> a_step_{};  // seconds, of the last turns
  std::size_t turns_ = 0;                // all of them
  Clock::time_point recent_at_{};
};

}  // namespace fl
