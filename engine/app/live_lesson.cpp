#include "engine/app/live_lesson.h"

#include "engine/app/lesson.h"

namespace fl {

Result<std::unique_ptr<LiveLesson>> LiveLesson::open(const SceneFile& scene, Device& device, const BackendChoice& backend) {
  auto training = open_training(scene, backend);
  if (!training) return training.error();
  return std::unique_ptr<LiveLesson>(new LiveLesson(scene, *std::move(training), device));
}

LiveLesson::LiveLesson(const SceneFile& scene, std::unique_ptr<Training> training, Device& device)
    : pace_(watching_pace(scene.view, training->total_steps())),
      optimizer_(scene.run.optimizer.kind),
      seed_(scene.run.seed),
      device_name_(training->device()),
      height_(scene.view.height),
      run_(std::move(training), pace_, scene.view.autoplay),
      ring_(device, run_.writer().capacity()),
      slots_(device, ring_.layout(), ring_.buffers()),
      held_(ring_) {
  texts_ = stage_texts(run_.training(), run_.writer().layer_names());
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
  facts.device = device_name_;
  facts.ring = "shared memory: host";
}

}  // namespace fl
