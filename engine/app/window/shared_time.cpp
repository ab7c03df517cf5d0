#include "engine/app/window/shared_time.h"

namespace fl {
namespace {

using namespace std::chrono_literals;

constexpr double kWorthLooking = 0.15;  // error of a surface, a share of its height
constexpr auto kHandsOn = 300ms;        // after the last input
constexpr auto kMeasureEvery = 500ms;

}  // namespace

void SharedTime::begin(Governor& governor, std::optional<double> training) {
  training_ = training;
  surface_stands_ = false;
  had_.reset();
  if (training_) governor.set_shares(shared_processor(*training_, urgent_));
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
  if (urgent != urgent_) governor.set_shares(shared_processor(*training_, urgent));
  urgent_ = urgent;
  if (now - measured_ < kMeasureEvery) return;
  measured_ = now;
  had_ = governor.measure(now);
}

}  // namespace fl
