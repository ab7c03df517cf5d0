#include "trainer/session/pace/governor.h"

#include <algorithm>
#include <cmath>

#include "trainer/base/check.h"

namespace fl {
namespace {

using namespace std::chrono_literals;

// What is urgent: how much of its part training keeps then, and how much of the rest the pictures have; the
// surface has the other part.
struct Division {
  double kept, pictures;
};
constexpr Division kDivisions[] = {{1, 0.66}, {0.9, 0.5}, {1, 0.6}, {0.72, 0.92}};
constexpr double kMostDebt = 0.5;  // seconds: an expensive picture is not held against it for longer
constexpr double kMemory = 1;      // seconds, of the measurement
constexpr auto kLongestRest = 300ms;
constexpr double kUndisturbed = 0.2;   // of the turns: the quicker ones, right behind another one
constexpr double kOfTheNewest = 0.15;  // in what a picture usually takes

double seconds(Governor::Duration time) {
  return std::chrono::duration<double>(time).count();
}

}  // namespace

Shares shared_processor(double training, Urgent urgent) {
  FL_CHECK(training > 0 && training < 1);
  const Division& division = kDivisions[static_cast<std::size_t>(urgent)];
  const double kept = training * division.kept;
  const double pictures = (1 - kept) * division.pictures;
  return {.training = kept, .surface = 1 - kept - pictures, .pictures = pictures};
}

void Governor::set_shares(const Shares& shares) {
  const std::scoped_lock lock(mutex_);
  weights_ = {shares.training, shares.surface, shares.pictures};
  // Who is ahead or behind is counted in the old shares.
  const double least = *std::ranges::min_element(clocks_);
  for (double& clock : clocks_) clock = std::min(clock - least, kMostDebt);
}

Shares Governor::shares() const {
  const std::scoped_lock lock(mutex_);
  return {weights_[0], weights_[1], weights_[2]};
}

void Governor::want(Activity activity, bool wanted) {
  const std::scoped_lock lock(mutex_);
  const auto at = static_cast<std::size_t>(activity);
  if (wanted && !wanted_[at]) {
    // It joins those that are at work where they are now.
    double joined = 0;
    bool any = false;
    for (std::size_t i = 0; i < kActivities; ++i)
      if (wanted_[i]) {
        joined = any ? std::min(joined, clocks_[i]) : clocks_[i];
        any = true;
      }
    if (any) clocks_[at] = std::clamp(clocks_[at], joined, joined + kMostDebt);
  }
  wanted_[at] = wanted;
}

void Governor::add(Activity activity, Duration time, double charged) {
  const auto at = static_cast<std::size_t>(activity);
  recent_[at] += seconds(time);
  if (weights_[at] > 0) clocks_[at] += charged / weights_[at];
  // Nobody who waits is behind by more than what it could use at once.
  const double most = *std::ranges::max_element(clocks_);
  for (std::size_t i = 0; i < kActivities; ++i)
    if (wanted_[i]) clocks_[i] = std::max(clocks_[i], most - 2 * kMostDebt);
}

void Governor::begin_turn(Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  turn_since_ = now;
  rested_ = {};
}

Governor::Duration Governor::end_turn(Activity activity, Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  const Duration time = turn_took(now);
  turn_since_.reset();
  add(activity, time, seconds(time));
  return time;
}

void Governor::stepped(std::int64_t steps, Duration took) {
  const std::scoped_lock lock(mutex_);
  recent_steps_ += static_cast<double>(steps);
  a_step_[turns_++ % kTurns] = seconds(took) / static_cast<double>(steps);
}

double Governor::speed_kept() const {
  const std::scoped_lock lock(mutex_);
  const std::size_t known = std::min(turns_, kTurns);
  if (known == 0 || recent_span_ <= 0) return 0;
  std::array<double, kTurns> sorted = a_step_;
  const auto quick = sorted.begin() + static_cast<std::ptrdiff_t>(kUndisturbed * static_cast<double>(known));
  std::nth_element(sorted.begin(), quick, sorted.begin() + static_cast<std::ptrdiff_t>(known));
  return recent_steps_ / recent_span_ * *quick;
}

Governor::Duration Governor::turn_took(Clock::time_point now) const {
  if (!turn_since_) return {};
  const Duration rests = rested_ + (resting_ > 0 ? now - resting_since_ : Duration());
  return std::max(now - *turn_since_ - rests, Duration());
}

Activity Governor::next_of_session() const {
  const std::scoped_lock lock(mutex_);
  return clocks_[0] <= clocks_[1] ? Activity::kTraining : Activity::kSurface;
}

Governor::Duration Governor::until_picture(Clock::time_point now) const {
  const std::scoped_lock lock(mutex_);
  if (weight(Activity::kPictures) <= 0) return {};
  // The others' clocks run on together until they have caught up.
  double behind = 0, weights = 0;
  bool any = false;
  for (const Activity other : {Activity::kTraining, Activity::kSurface}) {
    const auto at = static_cast<std::size_t>(other);
    if (!wanted_[at]) continue;
    behind = any ? std::min(behind, clocks_[at]) : clocks_[at];
    weights += weights_[at];
    any = true;
  }
  if (!any) return {};
  const double ahead = clocks_[static_cast<std::size_t>(Activity::kPictures)] - behind;
  if (ahead <= 0) return {};
  const auto wait = std::chrono::duration<double>(std::min(ahead, kMostDebt) * weights);
  return std::max(std::chrono::duration_cast<Duration>(wait) - turn_took(now), Duration());
}

void Governor::begin_picture(Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  drawing_ = weight(Activity::kPictures) > 0;
  drawing_since_ = now;
}

void Governor::end_picture(Clock::time_point now) {
  {
    const std::scoped_lock lock(mutex_);
    drawing_ = false;
    const double took = seconds(now - drawing_since_);
    usual_picture_ = usual_picture_ > 0 ? std::lerp(usual_picture_, took, kOfTheNewest) : took;
    add(Activity::kPictures, now - drawing_since_, usual_picture_);
  }
  drawn_.notify_all();
}

double Governor::usual_picture() const {
  const std::scoped_lock lock(mutex_);
  return usual_picture_;
}

void Governor::rest_while_drawing(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  drawn_.wait_until(lock, stop, drawing_since_ + kLongestRest, [this] { return !drawing_; });
}

void Governor::rest_in_turn() {
  std::unique_lock lock(mutex_);
  if (!drawing_) return;
  if (resting_++ == 0) resting_since_ = Clock::now();
  drawn_.wait_until(lock, drawing_since_ + kLongestRest, [this] { return !drawing_; });
  if (--resting_ == 0) rested_ += Clock::now() - resting_since_;
}

Shares Governor::measure(Clock::time_point now) {
  const std::scoped_lock lock(mutex_);
  if (recent_at_ != Clock::time_point{}) {
    const double passed = seconds(now - recent_at_);
    const double kept = std::exp(-passed / kMemory);
    recent_span_ = (recent_span_ + passed) * kept;
    for (double& used : recent_) used *= kept;
    recent_steps_ *= kept;
  } else {
    recent_ = {};
    recent_steps_ = 0;
  }
  recent_at_ = now;
  if (recent_span_ <= 0) return {0, 0, 0};
  // A picture begins while the turn in hand ends: together they may have had more than the time there was.
  const double all = std::max(recent_span_, recent_[0] + recent_[1] + recent_[2]);
  const auto part = [&](std::size_t i) { return recent_[i] / all; };
  return {part(0), part(1), part(2)};
}

}  // namespace fl
