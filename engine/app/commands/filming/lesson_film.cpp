#include "engine/app/commands/filming/lesson_film.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/app/commands/progress.h"
#include "engine/app/interrupt.h"
#include "trainer/base/counted.h"

namespace fl {
namespace {

constexpr double kTrainingShare = 5.0 / 6;        // of a film's frames; the rest lets the surface finish
constexpr double kPointsASecond = 288;            // of the landscape, while steps are made
constexpr std::size_t kPointsAtOnce = 24;

// Of a picture: a second of film refines the surface as far, whatever its number of pictures.
std::size_t points_of(std::int64_t frame, double fps) {
  const auto until = [&](std::int64_t pictures) {
    return static_cast<std::int64_t>(std::floor(static_cast<double>(pictures) * kPointsASecond / fps + 1e-6));
  };
  return static_cast<std::size_t>(until(frame + 1) - until(frame));
}

// One picture's share of the surface. `trains`: steps may follow.
void refine(Session& session, std::size_t points, std::int64_t frames_left, bool trains) {
  const Subject& subject = session.subject();
  if (!subject.over() && trains) {
    session.work(points);
    return;
  }
  // What is left is shared out over the frames that are left; the last one does whatever remains.
  session.work(std::max(points, subject.points_left() / static_cast<std::size_t>(frames_left)));
  while (frames_left == 1 && session.work(64)) {
  }
}

}  // namespace

std::int64_t frame_count(double fps, double seconds) {
  return static_cast<std::int64_t>(std::max(2.0, std::round(fps * seconds)));
}

void finish_lesson(Film& film, Conductor* conductor) {
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
}

Result<bool> render_picture(Film& film, const FilmPlace& place, Conductor* conductor,
                            const Shutter& shutter) {
  finish_lesson(film, conductor);
  FL_TRY(place.save(expose_still(film, shutter, place.alpha())));
  return !interrupted();
}

std::vector<Picture> expose_still(Film& film, const Shutter& shutter, PngAlpha alpha) {
  std::vector<Exposure> exposures;
  for (int i = 0; i < shutter.exposures(); ++i) {
    std::vector<Picture> pictures = film.shoot(-1, shutter.lens(i));
    exposures.resize(pictures.size(), Exposure(alpha));
    for (std::size_t part = 0; part < pictures.size(); ++part) exposures[part].add(std::move(pictures[part]));
  }
  std::vector<Picture> developed;
  for (Exposure& exposure : exposures) developed.push_back(exposure.develop());
  return developed;
}

std::function<Result<void>(const Reel::Moment&)> course_of(Film& film, LessonFilm lesson) {
  const auto frames = static_cast<std::int64_t>(lesson.said.size());
  const auto training_frames =
      std::max<std::int64_t>(1, static_cast<std::int64_t>(static_cast<double>(frames - 1) * kTrainingShare));
  const Subject& at_first = film.session().subject();
  const std::int64_t moves = at_first.total_steps() * at_first.moves_a_step();
  // An equal share of the moves for each picture, whatever their number.
  const auto moves_until = [=](const Reel::Moment& moment) {
    const std::int64_t before = std::min(moment.frame, training_frames) * moves / training_frames;
    if (moment.whole) return before;
    const double share = std::min(1.0, moment.at / static_cast<double>(training_frames));
    return std::min(before, static_cast<std::int64_t>(share * static_cast<double>(moves)));
  };
  return [=, &film, made = at_first.steps() * at_first.moves_a_step(),
          lesson = std::move(lesson)](const Reel::Moment& moment) mutable {
    Session& session = film.session();
    const Subject& subject = session.subject();
    Conductor* const conductor = lesson.conductor;
    film.set_cue(lesson.said[static_cast<std::size_t>(moment.frame)]);
    const double seconds = moment.at / lesson.fps;
    const std::int64_t target = moves_until(moment);
    if (conductor != nullptr) go_to(seconds, film, *conductor);
    for (std::int64_t more = 1; conductor == nullptr && made < target && more > 0; made += more) {
      more = session.advance(target - made);
      measure_curvature(session);
    }
    session.complete_path();
    while (subject.shown_whole() && !interrupted() && session.work(kPointsAtOnce)) {
    }
    // The surface has the same points in a picture, in however many exposures that is taken.
    if (moment.whole)
      refine(session, points_of(moment.frame, lesson.fps), frames - moment.frame,
             conductor == nullptr || !conductor->timeline().rests_at(seconds));
    session.catch_up();
    return Result<void>();
  };
}

Result<void> shoot_lesson(Reel& reel, Film& film, const LessonFilm& lesson) {
  return reel.shoot(film, static_cast<std::int64_t>(lesson.said.size()), course_of(film, lesson));
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
