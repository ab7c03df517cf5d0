#include "trainer/run/training_subject.h"

#include <algorithm>

#include "trainer/base/log.h"

namespace fl {
namespace {

// As in scenes.
constexpr double kMinRate = 1e-12, kMaxRate = 1e6;

}  // namespace

TrainingSubject::TrainingSubject(std::unique_ptr<Training> training)
    : training_(std::move(training)), landscape_(*training_), writer_(*training_, landscape_) {}

bool TrainingSubject::step() {
  if (!training_->step()) return false;
  landscape_.after_step();
  return true;
}

void TrainingSubject::apply(const Command& command) {
  switch (command.kind) {
    case CommandKind::kReset:
      // Cannot fail: the initialisation's name was accepted when the training was made.
      if (auto done = training_->reset(static_cast<std::uint64_t>(command.value)); !done)
        log_line(LogLevel::kError, done.error().message);
      landscape_.reset();
      break;
    case CommandKind::kSetRate:
      training_->set_rate(std::clamp(command.value, kMinRate, kMaxRate));
      break;
    case CommandKind::kSetOptimizer:
      training_->set_optimizer(static_cast<OptimizerKind>(static_cast<int>(command.value)));
      break;
    case CommandKind::kShowImage:
      writer_.show_image(static_cast<std::int32_t>(command.value));
      break;
    case CommandKind::kPlay:
    case CommandKind::kPause:
    case CommandKind::kStep:
    case CommandKind::kSetPace:
      break;  // the run's own
  }
}

}  // namespace fl
