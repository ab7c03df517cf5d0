#include "engine/app/studio/studio.h"

#include "engine/app/rescue.h"
#include "engine/app/studio/view_json.h"

namespace fl {
namespace {

SessionStart session_start(const SceneFile& scene, Lesson& lesson, bool playing) {
  const double pace = watching_pace(scene.view, lesson.subject->total_steps());
  return {.subject = std::move(lesson.subject),
          .scene = std::move(lesson.scene_text),
          .device = std::move(lesson.device),
          .pace = pace,
          .playing = playing,
          .overrides = scene.overrides};
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

StageView Studio::picture() {
  if (frame_) view_.height.decide(frame_->header);
  StageView picture{view_};
  picture.content = frame_ ? frame_->number : 0;
  return picture;
}

void Studio::note_view(float aspect) {
  Json::Object now = view_members(view_, aspect);
  Json::Object changed = changed_members(noted_, now);
  if (changed.empty()) return;
  session_.note_view(std::move(changed));
  noted_ = std::move(now);
}

SlotReading Studio::reading() {
  return frame_ ? shared_.ring->reading(*frame_) : SlotReading{};
}

void Studio::end_picture(std::uint64_t number) {
  if (frame_) shared_.ring->submitted(*frame_, number);
  frame_.reset();
}

Result<void> Studio::save(const std::filesystem::path& folder) {
  session_.stop();
  return save_run(session_, folder);
}

std::string Studio::rescue(const std::filesystem::path& folder) {
  session_.stop();
  return rescue_run(session_, name_, folder);
}

StageOptions live_stage_options(const Device& device, VkFormat format) {
  return {.color_format = format, .samples = device.is_cpu() ? 1u : 4u};
}

}  // namespace fl
