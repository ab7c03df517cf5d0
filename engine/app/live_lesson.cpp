#include "engine/app/live_lesson.h"

namespace fl {

LiveLesson::LiveLesson(const SceneFile& scene, Lesson lesson, Device& device)
    : pace_(watching_pace(scene.view, lesson.subject->total_steps())),
      optimizer_(scene.run.optimizer.kind),
      seed_(scene.run.seed),
      device_name_(std::move(lesson.device)),
      texts_(std::move(lesson.texts)),
      tile_(lesson.tile),
      height_(scene.view.height),
      capacity_(lesson.subject->capacity()),
      run_(std::move(lesson.subject), pace_, scene.view.autoplay),
      ring_(device, capacity_),
      slots_(device, ring_.layout(), ring_.buffers()),
      held_(ring_) {
  run_.start(ring_);
}

LiveLesson::~LiveLesson() {
  run_.stop();  // before the ring it writes into goes
}

void LiveLesson::post(const Command& command) {
  if (command.kind == CommandKind::kSetPace) pace_ = command.value;
  if (command.kind == CommandKind::kSetOptimizer)
    optimizer_ = static_cast<OptimizerKind>(static_cast<int>(command.value));
  if (command.kind == CommandKind::kReset) seed_ = static_cast<std::uint64_t>(command.value);
  run_.post(command);
}

const AcquiredFrame* LiveLesson::begin_frame(std::uint64_t completed) {
  held_.release_completed(completed);
  frame_ = ring_.acquire_latest();
  return frame_ ? &*frame_ : nullptr;
}

void LiveLesson::end_frame(std::uint64_t number) {
  if (frame_) held_.hold(frame_->slot, number);
  frame_.reset();
}

void LiveLesson::describe(ControlFacts& facts) const {
  facts.pace = pace_;
  facts.optimizer = optimizer_;
  facts.seed = seed_;
  facts.several = !texts_.path_names.empty();
  facts.device = device_name_;
  facts.ring = "shared memory: host";
}

}  // namespace fl
