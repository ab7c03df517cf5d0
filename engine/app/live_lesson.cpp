#include "engine/app/live_lesson.h"

#include "engine/app/lesson.h"
#include "engine/app/rescue.h"

namespace fl {

Result<std::unique_ptr<LiveLesson>> LiveLesson::open(const SceneFile& scene, Device& device) {
  auto training = open_training(scene);
  if (!training) return training.error();
  return std::unique_ptr<LiveLesson>(new LiveLesson(scene, *std::move(training), device));
}

LiveLesson::LiveLesson(const SceneFile& scene, std::unique_ptr<Training> training, Device& device)
    : scene_(scene),
      pace_(watching_pace(scene.view, training->total_steps())),
      optimizer_(scene.run.optimizer.kind),
      seed_(scene.run.seed),
      device_name_(training->device()),
      height_(scene.view.height),
      run_(std::move(training), pace_, scene.view.autoplay),
      shared_(open_shared_ring(device, run_.writer().capacity(), run_.training().program())),
      slots_(device, shared_.ring->layout(), shared_.ring->buffers()) {
  texts_ = stage_texts(run_.training(), run_.writer().layer_names());
  run_.start(*shared_.ring);
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
  shared_.ring->completed(completed);
  frame_ = shared_.ring->acquire_latest();
  return frame_ ? &*frame_ : nullptr;
}

SlotReading LiveLesson::reading() {
  return frame_ ? shared_.ring->reading(*frame_) : SlotReading{};
}

void LiveLesson::end_frame(std::uint64_t number) {
  if (frame_) shared_.ring->submitted(*frame_, number);
  frame_.reset();
}

std::string LiveLesson::rescue() {
  run_.stop();
  return rescue_run(run_.training(), scene_);
}

void LiveLesson::describe(ControlFacts& facts) const {
  facts.pace = pace_;
  facts.optimizer = optimizer_;
  facts.seed = seed_;
  facts.device = device_name_;
  facts.ring = shared_.words;
}

}  // namespace fl
