#include "engine/app/studio.h"

#include "engine/app/rescue.h"

namespace fl {
namespace {

SessionStart session_start(const SceneFile& scene, Lesson& lesson, bool playing) {
  const double pace = watching_pace(scene.view, lesson.subject->total_steps());
  return {.subject = std::move(lesson.subject),
          .scene = std::move(lesson.scene_text),
          .device = std::move(lesson.device),
          .pace = pace,
          .playing = playing};
}

}  // namespace

Studio::Studio(const SceneFile& scene, Lesson lesson, Device& device, bool playing)
    : name_(scene.name),
      texts_(std::move(lesson.texts)),
      view_(lesson.view),
      session_(session_start(scene, lesson, playing)),
      shared_(open_shared_ring(device, session_.subject())),
      slots_(device, shared_.ring->layout(), shared_.ring->buffers()) {}

Studio::~Studio() {
  session_.stop();  // before the ring it writes into goes
}

const AcquiredFrame* Studio::begin_picture(std::uint64_t completed) {
  shared_.ring->completed(completed);
  frame_ = shared_.ring->acquire_latest();
  return frame_ ? &*frame_ : nullptr;
}

SlotReading Studio::reading() {
  return frame_ ? shared_.ring->reading(*frame_) : SlotReading{};
}

void Studio::end_picture(std::uint64_t number) {
  if (frame_) shared_.ring->submitted(*frame_, number);
  frame_.reset();
}

std::string Studio::rescue() {
  session_.stop();
  return rescue_run(session_, name_);
}

}  // namespace fl
