#include "engine/app/studio/film.h"

#include <chrono>
#include <cmath>
#include <stdexcept>

#include "engine/app/studio/view_json.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr std::chrono::seconds kPublishTimeout{10};
constexpr float kSameAspect = 1e-4f;

StageOptions stage_options(const Device& device, bool as_live) {
  return as_live ? live_stage_options(device, Capture::kFormat, true)
                 : StageOptions{.color_format = Capture::kFormat};
}

}  // namespace

Film::Film(const SceneFile& scene, Lesson lesson, Device& device, const Font& font, const Options& options)
    : studio_(scene, std::move(lesson), device, options.playing),
      stage_(device, font, stage_options(device, options.as_live)),
      capture_(device, options.extent) {
  if (studio_.view().framed) fit();
}

void Film::fit() {
  ViewState& view = studio_.view();
  const Rect area = Stage::layout(capture_.extent(), {view}).landscape;
  view.camera.fit(area.width / area.height);
}

Result<void> Film::set_view(const Json& members) {
  ViewState& view = studio_.view();
  if (auto done = fl::set_view(members, view, aspect_); !done) return done;
  const Rect area = Stage::layout(capture_.extent(), {view}).landscape;
  // In a picture of another shape the camera frames the landscape anew, as in a window of that shape.
  if (view.framed && std::abs(area.width / area.height - aspect_) > kSameAspect) fit();
  return {};
}

Picture Film::shoot(double time) {
  // Nobody else reads: a slot is always free.
  const bool published = studio_.session().publish(studio_.ring());
  FL_CHECK(published);
  // A film shows this very step, so here the picture waits.
  if (auto complete = studio_.ring().wait_for_published(kPublishTimeout); !complete)
    throw std::runtime_error(complete.error().message);
  const AcquiredFrame* frame = studio_.begin_picture(0);  // the one before is here
  FL_CHECK(frame != nullptr);
  StageView view = studio_.picture();
  view.time = time;
  view.contents.phase_marks =
      frame->contents.phase_marks;  // of the rest nothing: each picture is drawn whole
  const SlotReading reading = studio_.reading();
  Picture picture =
      capture_.shoot(stage_, studio_.slot_set(), *frame, view, studio_.texts(), reading.wait, reading.signal);
  studio_.end_picture(0);
  return picture;
}

}  // namespace fl
