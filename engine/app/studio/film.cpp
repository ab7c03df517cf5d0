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

// The filter that smooths edges where there is one sample a pixel sees the ground, which a transparent
// picture has not.
StageOptions stage_options(const Device& device, const Film::Options& options) {
  return options.as_live && !options.transparent ? live_stage_options(device, Capture::kFormat, true)
                                                 : StageOptions{.color_format = Capture::kFormat};
}

}  // namespace

Film::Film(const SceneFile& scene, Lesson lesson, Device& device, const Font& font, const Options& options)
    : studio_(scene, std::move(lesson), device, options.playing),
      device_(device.name()),
      pinned_(options.pinned) {
  for (const StageFill part : options.parts)
    takes_.emplace_back(device, font,
                        TakeOptions{.extent = options.extent,
                                    .supersampling = options.supersampling,
                                    .transparent = options.transparent,
                                    .part = part,
                                    .stage = stage_options(device, options)});
  if (studio_.view().framed) fit();
}

float Film::aspect(const ViewState& view) const {
  const Rect area = Stage::layout(takes_.front().extent(), {view}).landscape;
  return area.width / area.height;
}

void Film::fit() {
  ViewState& view = studio_.view();
  view.camera.fit(aspect(view));
}

Result<void> Film::set_view(const Json& members) {
  ViewState& view = studio_.view();
  FL_TRY(fl::set_view(without_members(*members.object(), pinned_), view, aspect_));
  // In a picture of another shape the camera frames the landscape anew, as in a window of that shape.
  if (view.framed && std::abs(aspect(view) - aspect_) > kSameAspect) fit();
  return {};
}

StageView Film::begin_picture(double time) {
  FL_CHECK(!drawing());
  studio_.note_shown(true);
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
  return view;
}

template <typename Use>
void Film::each_take(const SlotReading& reading, const Use& use) {
  for (Take& take : takes_) {
    // The first waits for the slot, the last gives it back; each is done before the next one begins.
    const bool first = &take == &takes_.front(), last = &take == &takes_.back();
    use(take, SlotReading{first ? reading.wait : SemaphoreUse{}, last ? reading.signal : SemaphoreUse{}});
  }
}

void Film::begin(double time, glm::vec2 lens, std::launch where) {
  StageView view = begin_picture(time);
  view.lens = lens;
  drawing_ = std::async(where, [this, view = std::move(view), reading = studio_.reading()] {
    std::vector<Picture> pictures;
    each_take(reading, [&](Take& take, const SlotReading& own) {
      pictures.push_back(take.shoot(view, studio_.slot_set(), *studio_.frame(), studio_.texts(), own));
    });
    return pictures;
  });
}

std::vector<Picture> Film::finish() {
  std::vector<Picture> pictures = drawing_.get();
  studio_.end_picture(0);
  return pictures;
}

void Film::pass(double time) {
  const StageView view = begin_picture(time);
  each_take(studio_.reading(), [&](Take& take, const SlotReading& own) {
    take.pass(view, studio_.slot_set(), *studio_.frame(), studio_.texts(), own);
  });
  studio_.end_picture(0);
}

}  // namespace fl
