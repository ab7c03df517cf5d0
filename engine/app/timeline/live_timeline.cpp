#include "engine/app/timeline/live_timeline.h"

#include <algorithm>
#include <utility>

namespace fl {
namespace {

constexpr double kLongestTurn = 0.25;  // seconds: what took longer was no picture

}  // namespace

void LiveTimeline::set_pace(double pace, Studio& studio) {
  if (pace > 0) {
    studio.post(command::SetPace{pace});
    studio.post(command::Play{});
  } else {
    studio.post(command::Pause{});
  }
}

void LiveTimeline::toggle(Studio& studio) {
  if (playing_) return stop(studio);
  playing_ = true;
  seconds_ = 0;
  next_ = 0;
  last_.reset();
  for (const Command& command : conductor_.beginning()) studio.post(command);
  set_pace(conductor_.timeline().pace_at(0), studio);
}

void LiveTimeline::stop(Studio& studio) {
  playing_ = false;
  studio.view().caption = studio.view().card = {};
}

void LiveTimeline::look_at(double seconds, Studio& studio) {
  if (playing_) stop(studio);
  seconds_ = seconds;
  look_ = true;
}

void LiveTimeline::leave(Studio& studio) {
  look_ = false;
  if (!playing_) stop(studio);
}

void LiveTimeline::change(Conductor conductor, Studio& studio) {
  conductor_ = std::move(conductor);
  const auto& events = conductor_.timeline().events();
  const auto come = [this](const Timeline::Event& event) { return event.seconds <= seconds_; };
  next_ = static_cast<std::size_t>(std::ranges::count_if(events, come));
  studio.say(conductor_.timeline().captions(), conductor_.timeline().cards());
}

void LiveTimeline::turn(Clock::time_point now, Studio& studio, float aspect) {
  if (std::exchange(look_, false) && !playing_) {
    conductor_.show_until(seconds_, studio.view());
    conductor_.look(seconds_, studio.view(), aspect);
  }
  if (!playing_) return;
  const Timeline& timeline = conductor_.timeline();
  const double passed = last_ ? std::chrono::duration<double>(now - *last_).count() : 0;
  last_ = now;
  seconds_ += std::min(passed, kLongestTurn);
  for (; next_ < timeline.events().size() && timeline.events()[next_].seconds <= seconds_; ++next_) {
    const Timeline::Event& event = timeline.events()[next_];
    const TimelineEntry& entry = timeline.entries()[event.entry];
    if (const auto step = timeline.step_of(event);
        step && studio.status()->step < *step && !studio.status()->over()) {
      seconds_ = event.seconds;
      break;
    }
    conductor_.show(event.entry, studio.view());
    for (const Command& command : conductor_.commands(event.entry)) studio.post(command);
    if (entry.pace) set_pace(*entry.pace, studio);
  }
  if (seconds_ >= timeline.seconds()) return stop(studio);
  conductor_.look(seconds_, studio.view(), aspect);
}

}  // namespace fl
