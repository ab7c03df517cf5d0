#include "trainer/subjects/training_subject.h"

#include <algorithm>

#include "trainer/base/log.h"

namespace fl {

TrainingSubject::TrainingSubject(std::unique_ptr<Training> training)
    : training_(std::move(training)), landscape_(*training_), writer_(*training_, landscape_) {}

void TrainingSubject::use_device_slots() {
  training_->use_device_slots();
  landscape_.begin_on_device();
}

std::int64_t TrainingSubject::advance(std::int64_t most) {
  const std::int64_t made = training_->advance(std::min(most, landscape_.steps_to_snapshot()));
  if (made > 0) landscape_.after_steps();
  return made;
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
