#pragma once
// What a person asks for that is more than a command to the session or a change of the view: another lesson,
// or this one begun anew with other settings. Actions and panels say it, the window does it. The lesson that
// is shown stays until the other one is there, and also where that does not open.

#include <optional>
#include <string>
#include <vector>

namespace fl {

struct Wishes {
  std::optional<std::string> open;       // what, as the command line takes it
  std::vector<std::string> open_with{};  // settings for that
  // The same lesson with these settings besides those it has ("train.epochs=30"); one of the same key goes.
  std::optional<std::vector<std::string>> again;
  bool film = false;           // the scene's timeline plays, or ends
  std::optional<double> film_at{};  // a moment of it, in seconds, is looked at without its training
  bool leave_film = false;          // the picture shows none of it any more
  bool fullscreen = false;     // the window over the whole screen, or as it was
  bool other_network = false;  // the same lesson, from scratch in place of on a backbone, or the other way
  bool mark_take = false;      // of the session's film: it begins here, or ends
  bool render_take = false;    // the last one, as a film beside the window
  bool still = false;          // a picture of the stage
  std::string say;             // why what was asked for cannot be, in a sentence; empty: nothing to say
  bool operator==(const Wishes&) const = default;
};

}  // namespace fl
