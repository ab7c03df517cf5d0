#pragma once
// The film of one lesson: its pictures, and between them what is learnt.

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "engine/app/commands/filming/film_timeline.h"
#include "engine/app/commands/filming/reel.h"

namespace fl {

struct LessonFilm {
  double fps = 12;
  std::vector<std::size_t> said{};  // captions.h: the cue of each picture
  Conductor* conductor = nullptr;   // of the timeline; null: there is none
};

// At least two, so that there is a beginning and an end.
[[nodiscard]] std::int64_t frame_count(double fps, double seconds);
// What brings the lesson to each moment of a film, in their order. What `lesson` says is kept; `film` and the
// conductor must outlive it.
[[nodiscard]] std::function<Result<void>(const Reel::Moment&)> course_of(Film& film, LessonFilm lesson);
// All of them.
Result<void> shoot_lesson(Reel& reel, Film& film, const LessonFilm& lesson);
// Until training is over, or the timeline, and the surface is complete; or until it is interrupted.
void finish_lesson(Film& film, Conductor* conductor);
// Until training is over and the surface complete: one picture. Whether it came to that.
Result<bool> render_picture(Film& film, const FilmPlace& place, Conductor* conductor, const Shutter& shutter);
// A picture of each part of what the session is now, where nothing moves.
std::vector<Picture> expose_still(Film& film, const Shutter& shutter, PngAlpha alpha);
// Error: a part that the options ask for, and this view has not.
Result<void> check_parts(const RenderOptions& options, const ViewState& view);

}  // namespace fl
