#include "trainer/session/pace/pacer.h"

#include <algorithm>
#include <cmath>

namespace fl {
namespace {

double seconds_of(Pacer::Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// The first step of all may take a thousand times as long as the others: a device compiles then.
constexpr double kForget = 0.5;
// What a picture and a look at the surface may take where one processor does all.
constexpr std::chrono::microseconds kMadeUpFor{150'000};

}  // namespace

void Pacer::set_pace(double pace, Clock::time_point now) {
  pace_ = pace;
  next_ = now;
}

Pacer::Clock::duration Pacer::interval() const {
  return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / pace_));
}

std::int64_t Pacer::due(Clock::time_point now, std::int64_t burst) const {
  if (now < next_) return 0;
  const double fit = step_seconds_ > 0 ? seconds_of(kFrameInterval) / 2 / step_seconds_ : 1;
  // One is due at next_, and each interval after it another.
  const double owed = pace_ > 0 ? std::floor(seconds_of(now - next_) * pace_) + 1 : fit;
  return static_cast<std::int64_t>(std::clamp(std::min(owed, fit), 1.0, static_cast<double>(burst)));
}

void Pacer::made(std::int64_t steps, Clock::time_point begin, Clock::time_point end) {
  const double each = seconds_of(end - begin) / static_cast<double>(steps);
  step_seconds_ = step_seconds_ > 0 ? kForget * step_seconds_ + (1 - kForget) * each : each;
  if (last_begin_ != Clock::time_point{} && begin > last_begin_)
    speed_.add(static_cast<double>(last_steps_), seconds_of(begin - last_begin_));
  last_begin_ = begin;
  last_steps_ = steps;
  if (pace_ <= 0) {
    next_ = begin;
    return;
  }
  // Later than what can be made up for between two pictures: do not hurry after it, that would be a burst
  // that is seen.
  const auto late = std::max<Clock::duration>(interval(), shared_ ? kMadeUpFor : kFrameInterval);
  next_ = std::max(next_ + steps * interval(), begin - late);
}

}  // namespace fl
