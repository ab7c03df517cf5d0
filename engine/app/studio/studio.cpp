#include "engine/app/studio/studio.h"

#include "engine/app/rescue.h"
#include "engine/app/studio/view_json.h"

namespace fl {
namespace {

SessionStart session_start(const SceneFile& scene, Lesson& lesson, bool playing) {
  const double pace = watching_pace(scene.view, *lesson.subject);
  return {.subject = std::move(lesson.subject),
          .scene = std::move(lesson.scene_text),
          .device = std::move(lesson.device),
          .pace = pace,
          .playing = playing,
          .overrides = scene.overrides};
}

}  // namespace

Studio::Open::Open(SessionStart start, SharedRing ring, Device& device)
    : session(std::move(start)),
      shared(ring.ring ? std::move(ring) : open_shared_ring(device, session.subject())),
      slots(device, shared.ring->layout(), shared.ring->buffers()) {}

Studio::Studio(const ViewState& view) : view_(view) {}

Studio::Studio(const SceneFile& scene, Lesson lesson, Device& device, bool playing)
    : name_(scene.name),
      texts_(std::move(lesson.texts)),
      view_(lesson.view),
      open_(std::make_unique<Open>(session_start(scene, lesson, playing), std::move(lesson.shared), device)) {
  note_shown(true);
}

Studio::~Studio() {
  if (open_) open_->session.stop();  // before the ring it writes into goes
}

std::shared_ptr<const Status> Studio::status() const {
  static const auto nothing = std::make_shared<const Status>();
  return open_ ? open_->session.status() : nothing;
}

void Studio::post(const Command& command) {
  if (open_) open_->session.post(command);
}

std::uint64_t Studio::published() const {
  return open_ ? open_->shared.ring->published() : 0;
}

const AcquiredFrame* Studio::begin_picture(std::uint64_t completed) {
  if (!open_) return nullptr;
  ring().completed(completed);
  frame_ = ring().acquire_latest();
  return frame_ ? &*frame_ : nullptr;
}

StageView Studio::picture() {
  if (frame_) view_.height.decide(*frame_);
  StageView picture{view_};
  if (frame_) picture.parts = view_.parts_for(*frame_);
  picture.content = frame_ ? frame_->number : 0;
  return picture;
}

void Studio::note_shown(bool seen) {
  if (open_) open_->session.look_at_map(seen && !view_.blank && view_.map() != MapPlace::kNone);
}

void Studio::note_view(float aspect) {
  if (!open_ || (noted_ && noted_->aspect == aspect && noted_->view == view_)) return;
  Noted now{view_, aspect, view_members(view_, aspect)};
  Json::Object changed = changed_members(noted_ ? noted_->members : Json::Object(), now.members);
  if (!changed.empty()) open_->session.note_view(std::move(changed));
  noted_ = std::move(now);
}

SlotReading Studio::reading() {
  return frame_ ? ring().reading(*frame_) : SlotReading{};
}

Governor::Duration Studio::until_picture(bool wanted) {
  if (!open_) return {};
  Governor& governor = *open_->session.governor();
  governor.want(Activity::kPictures, wanted);
  return governor.until_picture(Governor::Clock::now());
}

std::function<void()> Studio::drawing(Governor::Clock::time_point begun) {
  if (!open_) return [] {};
  const std::shared_ptr<Governor> governor = open_->session.governor();
  governor->begin_picture(begun);
  return [governor] { governor->end_picture(Governor::Clock::now()); };
}

void Studio::end_picture(std::uint64_t number) {
  if (frame_) ring().submitted(*frame_, number);
  frame_.reset();
}

Result<void> Studio::save(const std::filesystem::path& folder) {
  if (!open_) return {};
  open_->session.stop();
  return folder.empty() ? Result<void>() : save_run(open_->session, folder);
}

std::string Studio::rescue(const std::filesystem::path& folder) {
  if (!open_) return "there was nothing to save";
  open_->session.stop();
  return rescue_run(open_->session, name_, folder);
}

StageOptions live_stage_options(const Device& device, VkFormat format, bool copies) {
  return {.color_format = format, .samples = device.is_cpu() ? 1u : 4u, .keeps = copies};
}

}  // namespace fl
