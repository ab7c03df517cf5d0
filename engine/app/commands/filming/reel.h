#pragma once
// The pictures of a film on their way into its place: of one lesson, or of several one after the other.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/app/commands/filming/film_output.h"
#include "engine/app/commands/filming/film_progress.h"
#include "engine/app/studio/film.h"

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
  };
  // `place` must outlive it.
  Reel(FilmPlace& place, Plan plan);

  // Before the first picture. Errors: as FilmPlace::begin; nothing to write as subtitles.
  Result<void> begin(const std::string& drawn_by);
  // The next lesson's pictures, as many as that; `go_to` brings it to where one shows it, from 0. Ends early
  // where it is interrupted. Errors: of `go_to`, and of what is written.
  Result<void> shoot(Film& film, std::int64_t frames,
                     const std::function<Result<void>(std::int64_t frame)>& go_to);
  // So many pictures more are there already, and nothing needs to be drawn for them.
  [[nodiscard]] bool has(std::int64_t frames) const { return begun_ && shown_ + frames <= there_; }
  void pass(std::int64_t frames) { shown_ += frames; }
  // What is drawn is kept, whatever ended it: `done`.
  Result<void> finish(Result<void> done);

 private:
  Result<void> add(std::vector<Picture> pictures);

  FilmPlace& place_;
  Plan plan_;
  std::optional<FilmOutput> output_;  // with the first picture: an earlier film is there until then
  FilmProgress progress_;
  bool begun_ = false;
  std::int64_t there_ = 0, shown_ = 0;
  Result<void> poster_;
};

}  // namespace fl
