#pragma once
// The takes of a film on their way to disk, each on a thread of its own.

#include <deque>

#include "engine/app/commands/filming/film_place.h"
#include "engine/film/sink_thread.h"

namespace fl {

class FilmOutput {
 public:
  // As FilmPlace::open.
  static Result<FilmOutput> open(FilmPlace& place, const std::vector<Chapter>& chapters,
                                 const std::string& title, double fps);
  // One picture for each part. Error: of this picture or an earlier one.
  Result<void> add(std::vector<Picture> pictures);
  // Waits until all is written. Error: of any of them.
  Result<void> finish();

 private:
  std::deque<SinkThread> sinks_;
};

}  // namespace fl
