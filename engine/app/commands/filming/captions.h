#pragma once
// When a film says which cue: for subtitles and chapters.

#include <cstddef>
#include <string>
#include <vector>

#include "engine/film/movie_format.h"
#include "engine/view/cue.h"
#include "trainer/session/session_file.h"

namespace fl {

// The cue that each picture of a film shows, from 1; 0: none. Of a lesson's film that says `count` cues, each
// for an equal time.
[[nodiscard]] std::vector<std::size_t> cues_of_lesson(std::size_t count, std::int64_t frames);
// Of a part of a session, of which picture i shows the moment i / (frames - 1) of its time.
[[nodiscard]] std::vector<std::size_t> cues_of_session(const SessionFile& session, const SessionTake& part,
                                                       std::int64_t frames);
// That moment, in seconds of the session; `frame` may lie between two pictures.
[[nodiscard]] double moment_of(double frame, std::int64_t frames, const SessionTake& part);

// A chapter for each time that a cue is said; `said`: one of the above.
[[nodiscard]] std::vector<Chapter> chapters_of(const std::vector<std::size_t>& said,
                                               const std::vector<Cue>& cues, double fps);

// The same as subtitles, in SubRip's format.
[[nodiscard]] std::string srt_text(const std::vector<Chapter>& captions);

}  // namespace fl
