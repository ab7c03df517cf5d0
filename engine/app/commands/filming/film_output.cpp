#include "engine/app/commands/filming/film_output.h"

#include <algorithm>

#include "trainer/base/check.h"

namespace fl {

Result<FilmOutput> FilmOutput::open(FilmPlace& place, const std::vector<Chapter>& chapters,
                                    const std::string& title, double fps) {
  auto sinks = place.open(chapters, title);
  if (!sinks) return sinks.error();
  FilmOutput output;
  // What waits is lost when the program is killed: an eighth of a second at most.
  const auto waiting = static_cast<std::size_t>(std::clamp(fps / 8, 1.0, 4.0));
  for (auto& sink : *sinks) output.sinks_.emplace_back(std::move(sink), waiting);
  return output;
}

Result<void> FilmOutput::add(std::vector<Picture> pictures) {
  FL_CHECK(pictures.size() == sinks_.size());
  for (std::size_t i = 0; i < pictures.size(); ++i) FL_TRY(sinks_[i].add(std::move(pictures[i])));
  return {};
}

Result<void> FilmOutput::finish() {
  Result<void> first;
  for (SinkThread& sink : sinks_)
    if (auto done = sink.finish(); !done && first) first = std::move(done);
  return first;
}

}  // namespace fl
