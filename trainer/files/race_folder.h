#pragma once
// What a race leaves on disk: its scene and session, a table and a report of all runs, and each run's own
// folder, which opens as any run's does.

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/subjects/race/race_report.h"

namespace fl {

// "run-1" and so on.
[[nodiscard]] std::string race_run_folder(std::size_t run);

// Writes scene.toml, race.csv, report.json and, where `session_text` is not empty, session.jsonl into
// `folder`, and into its folders run-1, run-2, ... what write_run_folder writes of each. `scene_text`: the
// race's scene; `runs`: one for each of its values. Errors: as write_run_folder; a text that is no such
// scene.
Result<std::vector<RaceResult>> write_race_folder(const std::filesystem::path& folder,
                                                  const std::string& title, const RaceSpec& race,
                                                  std::span<Training* const> runs,
                                                  const std::string& scene_text,
                                                  const std::string& session_text = {});

}  // namespace fl
