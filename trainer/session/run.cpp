#include "trainer/session/run.h"

#include <algorithm>
#include <chrono>
#include <exception>

#include "trainer/base/failure_text.h"
#include "trainer/base/log.h"
#include "trainer/base/number_text.h"

namespace fl {
namespace {

using namespace std::chrono_literals;
// Landscape points between looks at the clock: some milliseconds on two cores.
constexpr std::size_t kPointsAtATime = 2;
// How long the landscape is worked on at a stretch where no step was made, half a frame, and at most: commands wait.
constexpr auto kLandscapeTime = Pacer::kFrameInterval / 2;
constexpr Pacer::Clock::duration kMostLandscapeTime = 50ms;
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
    : subject_(std::move(subject)), playing_(playing), pacer_(pace) {}

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
      failure_ = fmt::format("Training stopped: {}", failure_text(e));
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
    log_info("step {}: {} {}", subject_->steps(), command_name(command.kind), rate_text(command.value));
    apply(command);
  }
  return !commands.empty();
}

void Run::apply(const Command& command) {
  switch (command.kind) {
    case CommandKind::kPlay:
      playing_ = true;
      pacer_.go_on(Clock::now());
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
      pacer_.forget_speed();
      break;
    case CommandKind::kSetPace:
      pacer_.set_pace(command.value, Clock::now());
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

bool Run::advance() {
  if (subject_->over()) return false;
  const auto begin = Clock::now();
  std::int64_t steps = playing_ ? pacer_.due(begin, subject_->burst()) : 0;
  if (steps == 0 && single_steps_ > 0) {
    --single_steps_;
    steps = 1;
  }
  if (steps == 0) return false;
  const std::int64_t made = subject_->advance(steps);
  if (made > 0) pacer_.made(made, begin, Clock::now());
  return true;
}

bool Run::work(Clock::duration time) {
  const auto until = Clock::now() + time;
  bool worked = false;
  while (subject_->work(kPointsAtATime)) {
    worked = true;
    if (Clock::now() >= until) break;
  }
  return worked;
}

void Run::loop(const std::stop_token& stop, FrameSink& sink) {
  Clock::time_point last_publish{}, last_catch_up{};
  bool dirty = true;
  std::uint64_t seen = 0;
  pacer_.go_on(Clock::now());
  while (!stop.stop_requested()) {
    if (take_commands()) dirty = true;
    const auto begin = Clock::now();
    const bool stepped = advance();
    if (stepped) dirty = true;
    // At full speed each of the two has half the time.
    const bool worked =
        work(stepped ? std::min(Clock::now() - begin, kMostLandscapeTime) : kLandscapeTime) || stepped;
    if (subject_->version() != seen) dirty = true;
    seen = subject_->version();

    const auto now = Clock::now();
    if (dirty && (!playing_ || now - last_catch_up >= kCatchUpInterval)) {
      subject_->catch_up();
      last_catch_up = now;
    }
    if (dirty && now - last_publish >= Pacer::kFrameInterval &&
        subject_->publish(sink, shown_state(), playing_ && !subject_->over() ? pacer_.steps_per_second() : 0)) {
      last_publish = now;
      dirty = false;
    }
    if (worked) continue;
    // Nothing to do: sleep until a command, the next step, or a slot that may have come free.
    std::unique_lock lock(mutex_);
    if (!queue_.empty()) continue;
    auto until = now + (dirty ? Clock::duration(4ms) : Clock::duration(100ms));
    if (playing_ && !subject_->over()) until = std::min(until, pacer_.next());
    wake_.wait_until(lock, stop, until, [this] { return !queue_.empty(); });
  }
}

}  // namespace fl
