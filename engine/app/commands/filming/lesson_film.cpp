#include "engine/app/commands/filming/lesson_film.h"

#include <algorithm>
#include <cmath>

#include "engine/app/commands/progress.h"
#include "engine/app/interrupt.h"
#include "trainer/base/counted.h"

namespace fl {
namespace {

constexpr double kTrainingShare = 5.0 / 6;        // of a film's frames; the rest lets the surface finish
constexpr std::size_t kPointsWhileTraining = 24;  // landscape points a frame

}  // namespace

std::int64_t frame_count(double fps, double seconds) {
  return static_cast<std::int64_t>(std::max(2.0, std::round(fps * seconds)));
}

Result<void> render_picture(Film& film, const FilmPlace& place, Conductor* conductor) {
  Progress progress;
  Session& session = film.session();
  const Subject& subject = session.subject();
  if (conductor != nullptr)
    go_to(conductor->timeline().seconds(), film, *conductor);
  else
    train_all(session, nullptr);
  while (!interrupted() && session.work(16))
    progress.show("{} left", counted(subject.points_left(), "landscape point"));
  session.catch_up();
  return place.save(film.shoot(-1));
}

Result<void> shoot_lesson(Reel& reel, Film& film, const LessonFilm& lesson) {
  const auto frames = static_cast<std::int64_t>(lesson.said.size());
  const auto training_frames =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(frames - 1) * kTrainingShare));
  Session& session = film.session();
  const Subject& subject = session.subject();
  const std::int64_t moves = subject.total_steps() * subject.moves_a_step();
  std::int64_t made = subject.steps() * subject.moves_a_step();
  Conductor* const conductor = lesson.conductor;
  return reel.shoot(film, frames, [&](std::int64_t frame) {
    film.set_cue(lesson.said[static_cast<std::size_t>(frame)]);
    const double seconds = static_cast<double>(frame) / lesson.fps;
    // An equal share of the steps for each frame, whatever their number.
    const std::int64_t target = std::min(frame, training_frames) * moves / training_frames;
    if (conductor != nullptr) go_to(seconds, film, *conductor);
    for (std::int64_t more = 1; conductor == nullptr && made < target && more > 0; made += more) {
      more = session.advance(target - made);
      measure_curvature(session);
    }
    session.complete_path();
    while (subject.shown_whole() && !interrupted() && session.work(kPointsWhileTraining)) {
    }
    if (!subject.over() && (conductor == nullptr || !conductor->timeline().rests_at(seconds))) {
      session.work(kPointsWhileTraining);
    } else {
      // What is left is shared out over the frames that are left; the last one does whatever remains.
      const std::size_t left = subject.points_left();
      const auto frames_left = static_cast<std::size_t>(frames - frame);
      session.work(std::max(kPointsWhileTraining, left / frames_left));
      if (frame + 1 == frames)
        while (session.work(64)) {
        }
    }
    session.catch_up();
    return Result<void>();
  });
}

Result<void> check_parts(const RenderOptions& options, const ViewState& view) {
  for (const StageFill part : parts_of(options)) {
    ViewState own = view;
    own.fill(part);
    if (own.filled() != part && part != StageFill::kNone)
      return error("This lesson has no {} to show in a picture of its own; leave that out of --parts.",
                   kStageFills[static_cast<std::size_t>(part)]);
  }
  return {};
}

}  // namespace fl
