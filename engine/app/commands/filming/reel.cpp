#include "engine/app/commands/filming/reel.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "engine/app/commands/filming/captions.h"
#include "engine/app/interrupt.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/log.h"

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
  FL_TRY_LET(there, place_.begin(std::move(plan_.described), plan_.frames));
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

Result<void> Reel::dissolve(std::vector<Picture>& pictures) {
  const auto frames = static_cast<std::int64_t>(std::lround(plan_.dissolve * plan_.fps));
  const std::int64_t come = shown_ - part_begin_ + 1;
  if (part_begin_ > 0 && come <= frames) {
    if (last_.empty()) {  // it was there already
      FL_TRY_LET(there, place_.load(part_begin_));
      last_ = *std::move(there);
    }
    for (std::size_t i = 0; i < pictures.size(); ++i)
      pictures[i] = dissolved(last_.at(i), std::move(pictures[i]),
                              static_cast<double>(come) / static_cast<double>(frames + 1), place_.alpha());
  }
  if (frames > 0 && shown_ + 1 == part_end_ && part_end_ < plan_.frames) last_ = pictures;
  return {};
}

Result<void> Reel::collect(Film& film) {
  if (!film.drawing()) return {};
  std::vector<Picture> pictures = film.finish();
  exposures_.resize(pictures.size(), Exposure(place_.alpha()));
  for (std::size_t i = 0; i < pictures.size(); ++i) exposures_[i].add(std::move(pictures[i]));
  if (++exposed_ < plan_.shutter.exposures()) return {};
  exposed_ = 0;
  for (std::size_t i = 0; i < pictures.size(); ++i) pictures[i] = exposures_[i].develop();
  FL_TRY(dissolve(pictures));
  FL_TRY(add(std::move(pictures)));
  ++shown_;
  return {};
}

Result<bool> Reel::expose(Film& film, std::int64_t frame,
                          const std::function<Result<void>(const Moment&)>& go_to) {
  const bool there = part_begin_ + frame < there_;
  const Shutter& shutter = plan_.shutter;
  double before = -1;
  for (int i = 0; i < shutter.exposures(); ++i) {
    if (interrupted()) return false;
    const double at = shutter.moment(frame, i);
    const Moment moment{frame, at, at >= static_cast<double>(frame)};
    if (at > before) FL_TRY(go_to(moment));
    before = at;
    FL_TRY(collect(film));
    if (there)
      film.pass(moment.at / plan_.fps);
    else
      film.begin(moment.at / plan_.fps, shutter.lens(i));
  }
  if (there) ++shown_;
  return true;
}

Result<void> Reel::shoot(Film& film, std::int64_t frames,
                         const std::function<Result<void>(const Moment&)>& go_to) {
  FL_TRY(begin(film.device()));
  part_begin_ = shown_;
  part_end_ = shown_ + frames;
  const Subject& subject = film.session().subject();
  Result<void> done;
  for (std::int64_t frame = 0; frame < frames && done; ++frame) {
    auto exposed = expose(film, frame, go_to);
    if (!exposed) done = exposed.error();
    if (!exposed || !*exposed) break;
    progress_.show(shown_, subject);
  }
  if (!film.drawing()) return done;
  auto drawn = collect(film);
  if (done) done = std::move(drawn);
  if (done) progress_.show(shown_, subject);
  return done;
}

Result<bool> Reel::finish(Result<void> done) {
  if (!output_ && there_ == 0)
    return done ? error("It was stopped before the first picture, so there is no film.") : done.error();
  auto written = output_ ? output_->finish() : Result<void>();
  if (!done || !written) return (done ? written : done).error();
  const std::int64_t shown = std::max(shown_, there_);
  fmt::print("{}\n", place_.words(shown));
  if (!poster_) return poster_.error();
  if (shown < plan_.frames)
    log_warning("stopped after {} of {} pictures{}.", shown, plan_.frames,
                place_.goes_on() ? "; the same command with --resume goes on with them" : "");
  return shown == plan_.frames;
}

}  // namespace fl
