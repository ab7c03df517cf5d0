#pragma once
// How many steps a live run makes before it looks round again: what the pace asks for, and no more than half
// a frame's time holds, so that commands are obeyed and frames come while a device makes bursts of steps.
// Times are passed in.

#include <chrono>
#include <cstdint>

#include "trainer/base/frequency.h"

namespace fl {

class Pacer {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr auto kFrameInterval = std::chrono::microseconds(16'667);

  // `shared`: the processor that makes the steps draws pictures and evaluates the surface, too, so that steps
  // come late by more than a frame.
  Pacer(double pace, bool shared) : pace_(pace), shared_(shared) {}

  // Steps a second, 0 for as fast as it goes; nothing is owed for the time before.
  void set_pace(double pace, Clock::time_point now);
  // As after a pause: nothing is owed.
  void go_on(Clock::time_point now) {
    next_ = now;
    last_begin_ = {};
  }
  // Another training begins: its speed is not known.
  void forget_speed() { speed_.forget(); }

  // How many to make now, at most `burst`; 0 before next().
  [[nodiscard]] std::int64_t due(Clock::time_point now, std::int64_t burst) const;
  [[nodiscard]] Clock::time_point next() const { return next_; }
  // So many were made from `begin` to `end`.
  void made(std::int64_t steps, Clock::time_point begin, Clock::time_point end);
  // Over about the last second, without pauses; 0 before there are two.
  [[nodiscard]] double steps_per_second() const { return speed_.per_second(); }

 private:
  [[nodiscard]] Clock::duration interval() const;

  double pace_;
  bool shared_;
  Clock::time_point next_{}, last_begin_{};
  std::int64_t last_steps_ = 0;  // made at last_begin_
  double step_seconds_ = 0;      // of one of a burst, smoothed; 0: not known
  Frequency speed_;
};

}  // namespace fl
