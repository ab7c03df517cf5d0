#pragma once
// Which part of a session is drawn.

#include "engine/app/commands/render_options.h"
#include "trainer/session/session_file.h"

namespace fl {

// All of it, the take or the seconds that the options ask for; within the session. Errors: there is no such
// take, or nothing between the seconds.
Result<SessionTake> session_part(const RenderOptions& options, const SessionFile& session);

// Of what is no session. Error: there is no part of it to choose.
Result<void> check_no_part(const RenderOptions& options);

}  // namespace fl
