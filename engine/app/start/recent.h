#pragma once
// What was opened before, kept in a file of the user's own. It is a convenience: where it cannot be read or
// written, there is none, and the log says why.

#include <filesystem>
#include <vector>

#include "engine/ui/start_facts.h"

namespace fl {

inline constexpr std::size_t kMostRecent = 12;

// Of `file`: the newest first. Those whose file or folder is gone are left out; so is all of a file that is
// none of ours.
[[nodiscard]] std::vector<RecentLesson> read_recent(const std::filesystem::path& file);
// Puts `lesson` first, in place of what was opened by that name before. Its name becomes absolute, so that
// it is found from elsewhere. Of two programs at once one may forget what the other wrote.
void note_recent(const std::filesystem::path& file, RecentLesson lesson);
// Where the window keeps it; empty: nowhere.
[[nodiscard]] std::filesystem::path recent_file();

}  // namespace fl
