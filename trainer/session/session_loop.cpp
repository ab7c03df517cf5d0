// What a live session's thread does: steps, the surface, the preview and the ball in turns, and the frames.
#include <algorithm>
#include <chrono>
#include <utility>

#include "trainer/session/session.h"

namespace fl {
namespace {

using namespace std::chrono_literals;
// A ball that is off by some steps of a fast training is brought up to date this often.
constexpr auto kCatchUpInterval = 100ms;
constexpr auto kSoon = 25ms;  // before a picture's turn: the window looks round more often than that

}  // namespace

std::int64_t Session::steps_due() const {
  if (subject_->over()) return 0;
  if (playing_) return pacer_.due(Clock::now(), subject_->burst());
  return single_steps_ > 0 ? 1 : 0;
}

void Session::make_steps(std::int64_t steps) {
  if (!playing_) --single_steps_;
  const auto begin = Clock::now();
  const std::int64_t made = subject_->advance(steps);
  if (made == 0) return;
  pacer_.made(made, begin, Clock::now());
  log_.did({Deed::Kind::kSteps, made}, subject_->steps());
  idle_ = false;
}

bool Session::work_preview() {
  if (!preview_) return false;
  governor_->begin_turn(Clock::now());
  const bool worked = preview_->work();
  governor_->end_turn(Activity::kSurface, Clock::now());
  if (preview_->take_news()) {
    auto results = preview_->results();
    const std::scoped_lock lock(mutex_);
    change_status([&](Status& next) { next.preview = std::move(results); });
    news_ = true;
  }
  return worked;
}

bool Session::work_logged() {
  const std::uint64_t before = subject_->version();
  const bool more = subject_->work(kTracePoints);
  const bool did = more || subject_->version() != before;
  // The first call that finds nothing to do may still have looked for a new plane.
  if (did || !idle_) log_.did({Deed::Kind::kWork, 1}, subject_->steps());
  idle_ = !did;
  return more;
}

void Session::catch_up_logged() {
  const std::uint64_t before = subject_->version();
  subject_->catch_up();
  if (subject_->version() == before) return;
  log_.did({Deed::Kind::kCatchUp, 1}, subject_->steps());
  idle_ = false;
}

bool Session::take_turn() {
  const std::int64_t steps = steps_due();
  governor_->want(Activity::kTraining, steps > 0);
  governor_->want(Activity::kSurface, !idle_);
  if (steps == 0 && idle_) return false;
  const bool train = steps > 0 && (idle_ || governor_->next_of_session() == Activity::kTraining);
  const std::int64_t before = subject_->steps();
  governor_->begin_turn(Clock::now());
  if (train)
    make_steps(steps);
  else
    work_logged();
  const auto took = governor_->end_turn(train ? Activity::kTraining : Activity::kSurface, Clock::now());
  if (!train) since_ball_ += took;
  if (subject_->steps() > before) governor_->stepped(subject_->steps() - before, took);
  return train || !idle_;
}

void Session::follow_ball() {
  const auto begin = Clock::now();
  if (playing_ && begin < next_catch_up_) return;
  if (playing_ && !idle_) {
    // The ball is a part of the surface's share: a fifth of it, and less where it is not on the surface, but
    // another one is on its way.
    if (governor_->next_of_session() != Activity::kSurface) return;
    if (since_ball_ < (status()->ball_outside ? 8 : 4) * ball_took_) return;
  }
  governor_->begin_turn(begin);
  catch_up_logged();
  ball_took_ = governor_->end_turn(Activity::kSurface, Clock::now());
  since_ball_ = {};
  next_catch_up_ = begin + kCatchUpInterval;
}

void Session::loop(const std::stop_token& stop, FrameSink& sink) {
  Clock::time_point last_publish{};
  bool dirty = true;
  std::uint64_t seen = 0;
  pacer_.go_on(Clock::now());
  next_catch_up_ = Clock::now() + kCatchUpInterval;  // the ball lies where the lesson begins
  while (!stop.stop_requested()) {
    if (take_commands()) dirty = true;
    if (take_look()) dirty = true;
    subject_->listen();
    if (is_asked()) report();
    hear_log();
    governor_->rest_while_drawing(stop);
    const std::int64_t steps = subject_->steps();
    bool worked = take_turn();
    worked |= work_preview();
    if (std::exchange(news_, false)) dirty = true;  // whoever draws is to see it
    if (subject_->steps() != steps || subject_->version() != seen) dirty = true;
    seen = subject_->version();
    if (dirty) follow_ball();
    // A picture is worth publishing when somebody may draw it soon.
    const auto now = Clock::now();
    if (dirty && now - last_publish >= Pacer::kFrameInterval && governor_->until_picture(now) <= kSoon) {
      report();
      if (subject_->publish(sink, shown_state(), shown_speed())) {
        last_publish = now;
        dirty = false;
      }
    }
    if (worked) continue;
    // Nothing to do: sleep until a command, the next step, or a slot that may have come free.
    std::unique_lock lock(mutex_);
    if (!queue_.empty() || asked_ || look_changed_) continue;
    auto until = now + (dirty ? Clock::duration(4ms) : Clock::duration(100ms));
    if (playing_ && !subject_->over()) until = std::min(until, pacer_.next());
    wake_.wait_until(lock, stop, until, [this] { return !queue_.empty() || asked_ || look_changed_; });
  }
}

}  // namespace fl
