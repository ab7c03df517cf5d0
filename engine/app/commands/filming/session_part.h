#pragma once
// Which part of a session is drawn.

#include "engine/app/commands/progress.h"
#include "engine/app/commands/render_options.h"
#include "trainer/session/replay.h"
#include "trainer/session/session_file.h"

namespace fl {

// All of it, the take or the seconds that the options ask for; within the session. Errors: there is no such
// take, or nothing between the seconds.
Result<SessionTake> session_part(const RenderOptions& options, const SessionFile& session);

// Of what is no session. Error: there is no part of it to choose.
Result<void> check_no_part(const RenderOptions& options);

// What a film is made of and from where it is seen does not change what was done. The members of the view
// that the film's own keys decide. Error: a key that would change what was done.
Result<std::vector<std::string>> pinned_of_session(const RenderOptions& options);
// A session again, as far as `until` in its seconds, or until somebody interrupts. Errors: as Replay::next.
Result<void> go_on(Replay& replay, const Subject& subject, double until, Progress& progress);

}  // namespace fl
