#include "engine/app/window/shared_time.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fl {
namespace {

using namespace std::chrono_literals;

constexpr double kWorthLooking = 0.15;  // error of a surface, a share of its height
constexpr auto kHandsOn = 300ms;        // after the last input
constexpr auto kMeasureEvery = 500ms;
// The part of the time, over that of the speed, to begin with and at the ends.
constexpr double kUsualPart = 1.12, kLeastPart = 0.8, kGreatestPart = 1.4, kMostPart = 0.9;
constexpr double kTakesAll = 0.85;
// A second, where training takes all it may: then the surface comes first.
constexpr double kEnoughPictures = 9;
constexpr double kGently = 0.25;  // of a correction each time

}  // namespace

void SharedTime::begin(Governor& governor, std::optional<double> training) {
  training_ = training;
  surface_stands_ = false;
  had_.reset();
  hurried_ = false;
  if (!training_) return;
  part_ = std::min(kUsualPart * *training_, kMostPart);
  share_out(governor);
}

void SharedTime::share_out(Governor& governor) {
  Shares shares = shared_processor(part_, urgent_);
  const double enough = kEnoughPictures * governor.usual_picture();
  if (hurried_ && urgent_ != Urgent::kHandsOn && enough > 0 && enough < shares.pictures) {
    shares.surface += shares.pictures - enough;
    shares.pictures = enough;
  }
  governor.set_shares(shares);
}

// Where training takes all it may, and yet is slower or faster than it should be.
void SharedTime::correct(Governor& governor) {
  const double kept = governor.speed_kept();
  hurried_ = kept > 0 && had_->training >= kTakesAll * governor.shares().training;
  if (!hurried_) return share_out(governor);
  const double wanted = shared_processor(*training_, urgent_).training;
  part_ = std::clamp(part_ * std::pow(wanted / kept, kGently), kLeastPart * *training_,
                     std::min(kGreatestPart * *training_, kMostPart));
  share_out(governor);
}

void SharedTime::touched(Clock::time_point now) {
  touched_until_ = now + kHandsOn;
}

void SharedTime::look(Governor& governor, const Status& status, bool moving, Clock::time_point now) {
  if (!training_) return;
  surface_stands_ |= status.grid_error <= kWorthLooking;
  const Urgent urgent = now < touched_until_ || moving ? Urgent::kHandsOn
                        : !surface_stands_             ? Urgent::kSurface
                        : status.ball_outside          ? Urgent::kNext
                                                       : Urgent::kNothing;
  if (std::exchange(urgent_, urgent) != urgent) share_out(governor);
  if (now - measured_ < kMeasureEvery) return;
  measured_ = now;
  had_ = governor.measure(now);
  correct(governor);
}

}  // namespace fl
