#include "engine/app/live_lesson.h"

#include "engine/app/rescue.h"

namespace fl {

LiveLesson::LiveLesson(const SceneFile& scene, Lesson lesson, Device& device)
    : scene_(scene),
      playing_(scene.view.autoplay),
      pace_(watching_pace(scene.view, lesson.subject->total_steps())),
      optimizer_(scene.run.optimizer.kind),
      seed_(scene.run.seed),
      device_name_(std::move(lesson.device)),
      texts_(std::move(lesson.texts)),
      tile_(lesson.tile),
      height_(scene.view.height),
      run_(std::move(lesson.subject), pace_, scene.view.autoplay),
      shared_(open_shared_ring(device, run_.subject())),
      slots_(device, shared_.ring->layout(), shared_.ring->buffers()) {
  run_.start(*shared_.ring);
}

LiveLesson::~LiveLesson() {
  run_.stop();  // before the ring it writes into goes
}

void LiveLesson::post(const Command& command) {
  if (command.kind == CommandKind::kPlay) playing_ = true;
  if (command.kind == CommandKind::kPause || command.kind == CommandKind::kStep) playing_ = false;
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
  return rescue_run(run_.subject(), scene_);
}

void LiveLesson::describe(ControlFacts& facts) const {
  facts.playing = playing_;
  facts.pace = pace_;
  facts.optimizer = optimizer_;
  facts.seed = seed_;
  facts.several = !texts_.path_names.empty();
  facts.device = device_name_;
  facts.ring = shared_.words;
}

}  // namespace fl
