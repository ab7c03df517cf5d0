#pragma once
// The pictures of a film on their way into its place: of one lesson, or of several one after the other.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/commands/filming/film_output.h"
#include "engine/app/commands/filming/film_progress.h"
#include "engine/app/commands/filming/shutter.h"
#include "engine/app/studio/film.h"
#include "engine/film/exposure.h"

namespace fl {

class Reel {
 public:
  struct Plan {
    double fps = 12;
    std::int64_t frames = 0;  // of all lessons
    std::string title{};
    std::vector<Chapter> chapters{};
    bool srt = false;          // they are written beside the film, too
    Json::Object described{};  // .film.json, but for what draws
    Shutter shutter{};
    double dissolve = 0;  // seconds in which one lesson goes over into the next
  };
  // What is to be seen next.
  struct Moment {
    std::int64_t frame = 0;  // the picture, from 0
    double at = 0;           // in pictures; before `frame` where the shutter opens earlier
    bool whole = true;       // this is the picture's own moment
  };
  // `place` must outlive it.
  Reel(FilmPlace& place, Plan plan);

  // Before the first picture. Errors: as FilmPlace::begin; nothing to write as subtitles.
  Result<void> begin(const std::string& drawn_by);
  // The next lesson's pictures, as many as that; `go_to` brings it to each moment, while the one before is
  // drawn. Ends early where it is interrupted. Errors: of `go_to`, and of what is written.
  Result<void> shoot(Film& film, std::int64_t frames,
                     const std::function<Result<void>(const Moment&)>& go_to);
  // So many pictures more are there already, and nothing needs to be drawn for them.
  [[nodiscard]] bool has(std::int64_t frames) const { return begun_ && shown_ + frames <= there_; }
  void pass(std::int64_t frames) { shown_ += frames; }
  // What is drawn is kept, whatever ended it: `done`. Whether that is the whole film.
  Result<bool> finish(Result<void> done);

 private:
  // Brings the film to all moments of a picture, and begins to draw them. False: it was interrupted.
  Result<bool> expose(Film& film, std::int64_t frame,
                      const std::function<Result<void>(const Moment&)>& go_to);
  // The picture that is being drawn, if any.
  Result<void> collect(Film& film);
  // From the lesson before, as far as this picture of the next one still shows it.
  Result<void> dissolve(std::vector<Picture>& pictures);
  Result<void> add(std::vector<Picture> pictures);

  FilmPlace& place_;
  Plan plan_;
  std::optional<FilmOutput> output_;  // with the first picture: an earlier film is there until then
  FilmProgress progress_;
  bool begun_ = false;
  std::int64_t there_ = 0, shown_ = 0;
  std::int64_t part_begin_ = 0, part_end_ = 0;  // pictures of the lesson in hand
  std::vector<Exposure> exposures_;             // of each take
  int exposed_ = 0;                             // of the picture in hand
  std::vector<Picture> last_;                   // of the lesson before
  Result<void> poster_;
};

}  // namespace fl
