#pragma once
// Where the window saves the runs of its lessons: the first in the folder that the user named, those opened
// after it beside that, in DIR-2 and so on, so that each keeps its own session.

#include <filesystem>
#include <functional>
#include <string>

#include "engine/app/held_folder.h"
#include "engine/app/scene_file.h"

namespace fl {

// Makes and locks the folder for a scene that was read; null where its run is saved nowhere. Errors: as
// make_run_folder, and what else speaks against the scene before its images are read.
using FindPlace = std::function<Result<HeldFolder>(const SceneFile&)>;

// For the lesson that the command line named, `what`. `out`: empty where nothing is saved.
[[nodiscard]] FindPlace first_place(const std::string& what, const std::filesystem::path& out, bool replace);
// For one that is opened later. It never replaces an earlier run.
[[nodiscard]] FindPlace next_place(const std::string& what, const std::filesystem::path& out);

}  // namespace fl
