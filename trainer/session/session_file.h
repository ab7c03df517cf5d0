#pragma once
// session.jsonl: a session to be done again. One JSON object a line. The first is the head:
//
//   {"format": "fallline session 1", "scene": "scene.toml", "checksum": "...", "overrides": [], "seed": 1,
//   ...}
//
// Each other line is an event with its time in seconds and the steps taken by then:
//
//   {"time": 2.5, "step": 12, "command": "rate", "value": 0.02}
//   {"time": 2.6, "step": 14, "did": "s1 w4 s1 w2"}     what the thread did since the mark before: trace.h
//   {"time": 2.7, "step": 14, "view": {"theme": "light"}}
//
// Where a session has several runs, a command or a deed of one of them says which, from 0: "run": 1. Without
// it, it is the whole session's.
//
// {"command": "pixels", "value": "scan.png"} says that an image from outside of the data set was shown. Its
// pixels are not kept: a replay goes on showing the image before it, says so, and trains to the same weights.
//
// {"command": "mark", "value": "..."} says that a take of the session's film begins or ends, in turn, and
// which weights there were then.
//
// The last line of a training says what came out: {"weights": "..."}, a checksum. Where the session went on
// when its log was full, the last line is {"cut": true} instead: what is there is its beginning.

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/session/session_log.h"

namespace fl {

class Training;

struct SessionHead {
  std::string scene;                     // of the file beside it, as text
  std::vector<std::string> overrides{};  // the scene has them; kept to be read by people
  std::uint64_t seed = 1;                // of the start
  std::string device{};                  // what computed it; bytes are equal on the same one
  double pace = 0;                       // as the session began
  bool playing = false;
  bool operator==(const SessionHead&) const = default;
};

struct SessionFile {
  SessionHead head;
  std::vector<SessionEvent> events;
  std::string weights{};  // checksum at the end; empty: not known
  bool cut = false;       // events are missing at the end, and the weights are not of it

  // Of the last event; 0 where there is none.
  [[nodiscard]] double seconds() const { return events.empty() ? 0 : events.back().seconds; }
};

// What is marked to be a film of its own, in seconds of the session.
struct SessionTake {
  double begin = 0, end = 0;
  bool operator==(const SessionTake&) const = default;
};
// The takes that are marked, in their order; one that was begun and not ended is none.
[[nodiscard]] std::vector<SessionTake> takes_of(const SessionFile& session);
// The session until then, as if it had been left: without the weights that it went on to.
[[nodiscard]] SessionFile session_until(SessionFile session, double seconds);

// Of the parameters as they are now, as sessions keep it.
[[nodiscard]] std::string weights_checksum(const Training& training);

// The text of session.jsonl, to lie beside a file `scene_file` that holds head.scene.
[[nodiscard]] std::string session_text(const SessionFile& session, const std::string& scene_file);

// Whether a file is meant as a session, readable or not: by its first line, or by its name.
[[nodiscard]] bool is_session(const std::filesystem::path& path);

struct SessionText {
  SessionFile session;               // without head.scene
  std::string scene_file, checksum;  // of the scene
};
// Reads such a text. `file`: what the sentences call it.
Result<SessionText> parse_session(std::string_view text, const std::string& file);

struct ReadSession {
  SessionFile session;
  std::filesystem::path scene_file;
};
// Reads the file and the scene beside it. Errors: one or the other is missing, not of this format, cut off,
// holds what no session does; the scene is not the one of the session. Each names file and line.
Result<ReadSession> read_session(const std::filesystem::path& path);

}  // namespace fl
