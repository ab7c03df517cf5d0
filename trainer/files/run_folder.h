#pragma once
// What a training leaves on disk, in formats that Python, spreadsheets and ParaView open.

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "trainer/files/checkpoint.h"
#include "trainer/files/weights_file.h"
#include "trainer/subjects/training.h"

namespace fl {

inline constexpr const char* kSceneFile = "scene.toml";
inline constexpr const char* kSessionFile = "session.jsonl";
inline constexpr const char* kHistoryFile = "history.csv";
inline constexpr const char* kReportFile = "report.json";
inline constexpr const char* kCurvatureFile = "curvature.csv";  // where it was measured
inline constexpr const char* kForksFile = "forks.csv";          // where the scene has fork_steps
inline constexpr const char* kRaceFile = "race.csv";

// All that a run can say of itself.
struct RunContents {
  const Training& training;
  const Report& report;
  const std::string& scene_text;
  const std::string& session_text;  // empty: there was none
};

// A file of a run folder.
struct RunFile {
  const char* name;
  std::vector<std::byte> (*bytes)(const RunContents&);  // none: it is not written
};

// All of them, what is hardest to come by again first.
std::span<const RunFile> run_files();

// Whether `folder` holds any of them.
bool holds_run(const std::filesystem::path& folder);

// Whether a file is the scene that a run was saved with: called so, and beside what a run leaves.
bool is_scene_of_run(const std::filesystem::path& file);

// A file to be written under a name of run_files().
struct RunFileBytes {
  std::string name;
  std::vector<std::byte> bytes;
};
[[nodiscard]] RunFileBytes run_file_of(const char* name, std::string_view text);

// Writes `files` into `folder`, which is made if it is not there, at once, and removes the others of
// run_files(): they are of an earlier run. Where the disk has no room for all, what there is room for, the
// first first; the error says what is saved then, and how to go on.
Result<void> write_run_files(const std::filesystem::path& folder, std::span<const RunFileBytes> files);

// The same with all of a training's run; a session only where `session_text` is not empty.
Result<void> write_run_folder(const std::filesystem::path& folder, const Training& training,
                              const Report& report, const std::string& scene_text,
                              const std::string& session_text = {});

// Removes them, the scene last: until it is gone, what is left can be resumed or tells whose it was.
void remove_run(const std::filesystem::path& folder);

// The session in `folder`, where it still tells how the run there came about once that was opened again as
// `training`: nothing is left to train, and `scene_text` is the scene of the folder. Else empty.
[[nodiscard]] std::string session_to_keep(const std::filesystem::path& folder, const Training& training,
                                          const std::string& scene_text);

// Before the first step: `scene_text` and a checkpoint, so that whatever ends the training, it can be
// resumed. Errors: the scene cannot be written; a checkpoint that cannot is a warning.
Result<void> begin_run_folder(const std::filesystem::path& folder, const Training& training,
                              const std::string& scene_text);

}  // namespace fl
