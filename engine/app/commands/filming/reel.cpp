#include "engine/app/commands/filming/reel.h"

#include <algorithm>
#include <utility>

#include "engine/app/commands/filming/captions.h"
#include "engine/app/interrupt.h"
#include "trainer/base/atomic_file.h"

namespace fl {

Reel::Reel(FilmPlace& place, Plan plan) : place_(place), plan_(std::move(plan)), progress_(plan_.frames) {}

Result<void> Reel::begin(const std::string& drawn_by) {
  if (std::exchange(begun_, true)) return {};
  if (plan_.srt && plan_.chapters.empty())
    return error(
        "There is nothing for --srt to write: this film says no cues; leave it out, or say the lesson's with "
        "--set film.cues=true.");
  if (plan_.srt) FL_TRY(write_file_atomic(place_.srt(), srt_text(plan_.chapters)));
  plan_.described.push_back({"drawn by", Json(drawn_by)});
  FL_TRY_LET(there, place_.begin(std::move(plan_.described)));
  there_ = *there;
  return {};
}

Result<void> Reel::add(std::vector<Picture> pictures) {
  if (!output_) {
    FL_TRY_LET(opened, FilmOutput::open(place_, plan_.chapters, plan_.title, plan_.fps));
    output_ = *std::move(opened);
  }
  if (shown_ + 1 == plan_.frames) poster_ = place_.save_poster(pictures);
  return output_->add(std::move(pictures));
}

Result<void> Reel::shoot(Film& film, std::int64_t frames,
                         const std::function<Result<void>(std::int64_t frame)>& go_to) {
  FL_TRY(begin(film.device()));
  const Subject& subject = film.session().subject();
  for (std::int64_t frame = 0; frame < frames && !interrupted(); ++frame) {
    FL_TRY(go_to(frame));
    const double time = static_cast<double>(frame) / plan_.fps;
    if (shown_ < there_) {
      film.pass(time);
    } else {
      FL_TRY(add(film.shoot(time)));
    }
    progress_.show(++shown_, subject);
  }
  return {};
}

Result<void> Reel::finish(Result<void> done) {
  if (!output_ && there_ == 0)
    return done ? error("It was stopped before the first picture, so there is no film.") : done;
  auto written = output_ ? output_->finish() : Result<void>();
  if (!done || !written) return done ? written : done;
  fmt::print("{}\n", place_.words(std::max(shown_, there_)));
  return poster_;
}

}  // namespace fl
