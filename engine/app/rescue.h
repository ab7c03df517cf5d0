#pragma once
// What is kept of a training that cannot go on, because the graphics device, the memory or a part of this
// program failed: its run folder, or, where the weights are gone with their device, its history.

#include <exception>
#include <filesystem>
#include <string>

#include "trainer/base/result.h"
#include "trainer/session/session.h"

namespace fl {

// Saves the run of a session that has ended, and the session itself where it was live. Errors: as
// write_run_folder.
Result<void> save_run(Session& session, const std::filesystem::path& folder);

// Saves in `folder`, or, where that is empty, in out/NAME-saved, or, where that is taken, out/NAME-saved-2
// and so on. Half a sentence: "the run is saved in ..." or why it is not. Never throws. The session has
// ended; `name` is its scene's.
std::string rescue_run(Session& session, const std::string& name,
                       const std::filesystem::path& folder) noexcept;

// The whole sentence: what happened, what rescue_run() said, what to do.
Error lost_run(const std::exception& failure, const std::string& rescued);

}  // namespace fl
