#include "trainer/run/run.h"

#include <algorithm>
#include <chrono>
#include <exception>

#include "trainer/base/log.h"

namespace fl {
namespace {

using namespace std::chrono_literals;
constexpr auto kFrameInterval = std::chrono::microseconds(16'667);
// Landscape points between looks at the queue and the clock: some tens of milliseconds on two cores.
constexpr std::size_t kPointsAtATime = 2;
// A ball that is off by some steps of a fast training is brought up to date this often.
constexpr auto kCatchUpInterval = 100ms;

}  // namespace

const char* command_name(CommandKind kind) {
  switch (kind) {
    case CommandKind::kPlay:
      return "play";
    case CommandKind::kPause:
      return "pause";
    case CommandKind::kStep:
      return "step";
    case CommandKind::kReset:
      return "reset";
    case CommandKind::kSetRate:
      return "rate";
    case CommandKind::kSetOptimizer:
      return "optimizer";
    case CommandKind::kSetPace:
      return "pace";
    case CommandKind::kShowImage:
      return "image";
  }
  return "unknown";
}

Run::Run(std::unique_ptr<Subject> subject, double pace, bool playing)
    : subject_(std::move(subject)), playing_(playing), pace_(pace) {}

Run::~Run() {
  stop();
}

void Run::start(FrameSink& sink) {
  thread_ = std::jthread([this, &sink](const std::stop_token& stop) {
    try {
      loop(stop, sink);
    } catch (const std::exception& e) {
      // Whatever it was (memory, a device, a mistake of ours), the window and the history live on.
      const std::scoped_lock lock(mutex_);
      failure_ = fmt::format("Training stopped: {}", e.what());
      log_line(LogLevel::kError, failure_);
    }
  });
}

void Run::stop() {
  if (!thread_.joinable()) return;
  thread_.request_stop();
  wake_.notify_all();
  thread_.join();
}

void Run::post(const Command& command) {
  {
    const std::scoped_lock lock(mutex_);
    // A slider says its value for every pixel it passes; of those only the last counts.
    const bool slider = command.kind == CommandKind::kSetRate || command.kind == CommandKind::kSetPace;
    if (slider && !queue_.empty() && queue_.back().kind == command.kind) queue_.back() = command;
    else queue_.push_back(command);
  }
  wake_.notify_all();
}

std::vector<LoggedCommand> Run::command_log() const {
  const std::scoped_lock lock(mutex_);
  return log_;
}

std::string Run::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

bool Run::take_commands() {
  std::vector<Command> commands;
  {
    const std::scoped_lock lock(mutex_);
    commands.swap(queue_);
    for (const Command& command : commands) log_.push_back({subject_->steps(), command});
  }
  for (const Command& command : commands) {
    log_info("step {}: {} {:g}", subject_->steps(), command_name(command.kind), command.value);
    apply(command);
  }
  return !commands.empty();
}

void Run::apply(const Command& command) {
  switch (command.kind) {
    case CommandKind::kPlay:
      playing_ = true;
      next_step_ = Clock::now();
      break;
    case CommandKind::kPause:
      playing_ = false;
      break;
    case CommandKind::kStep:
      playing_ = false;
      ++single_steps_;
      break;
    case CommandKind::kReset:
      single_steps_ = 0;
      steps_per_second_ = 0;
      break;
    case CommandKind::kSetPace:
      pace_ = command.value;
      next_step_ = Clock::now();
      break;
    case CommandKind::kSetRate:
    case CommandKind::kSetOptimizer:
    case CommandKind::kShowImage:
      break;
  }
  subject_->apply(command);
}

RunState Run::shown_state() const {
  if (subject_->over()) return subject_->state();
  if (playing_) return RunState::kTraining;
  return subject_->steps() == 0 ? RunState::kReady : RunState::kPaused;
}

void Run::advance(Clock::time_point now) {
  subject_->step();
  const double seconds = std::chrono::duration<double>(now - last_step_).count();
  last_step_ = now;
  // An average over about the last ten steps; a pause in between is no slow step.
  if (seconds > 0 && seconds < 10) {
    const double rate = 1 / seconds;
    steps_per_second_ = steps_per_second_ == 0 ? rate : 0.9 * steps_per_second_ + 0.1 * rate;
  }
  if (pace_ > 0) {
    const auto interval =
        std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / pace_));
    // Late by more than one step: do not hurry to catch up, that would be a burst.
    next_step_ = std::max(next_step_ + interval, now - interval);
  } else {
    next_step_ = now;
  }
}

void Run::loop(const std::stop_token& stop, FrameSink& sink) {
  Clock::time_point last_publish{}, last_catch_up{};
  bool dirty = true;
  std::uint64_t seen = 0;
  next_step_ = Clock::now();
  while (!stop.stop_requested()) {
    if (take_commands()) dirty = true;
    auto now = Clock::now();
    bool worked = false;
    const bool due = playing_ && !subject_->over() && now >= next_step_;
    if (due || (single_steps_ > 0 && !subject_->over())) {
      if (!due) --single_steps_;
      advance(now);
      dirty = worked = true;
    }
    // At full speed training goes first; the landscape gets every other turn.
    worked = subject_->work(kPointsAtATime) || worked;
    if (subject_->version() != seen) dirty = true;
    seen = subject_->version();

    now = Clock::now();
    if (dirty && (!playing_ || now - last_catch_up >= kCatchUpInterval)) {
      subject_->catch_up();
      last_catch_up = now;
    }
    if (dirty && now - last_publish >= kFrameInterval &&
        subject_->publish(sink, shown_state(), playing_ && !subject_->over() ? steps_per_second_ : 0)) {
      last_publish = now;
      dirty = false;
    }
    if (worked) continue;
    // Nothing to do: sleep until a command, the next step, or a slot that may have come free.
    std::unique_lock lock(mutex_);
    if (!queue_.empty()) continue;
    auto until = now + (dirty ? Clock::duration(4ms) : Clock::duration(100ms));
    if (playing_ && !subject_->over()) until = std::min(until, next_step_);
    wake_.wait_until(lock, stop, until, [this] { return !queue_.empty(); });
  }
}

}  // namespace fl
