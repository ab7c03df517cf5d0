#pragma once
// What a training leaves on disk, in formats that Python, spreadsheets and ParaView open.

#include <array>
#include <filesystem>
#include <string>

#include "trainer/files/checkpoint.h"
#include "trainer/files/weights_file.h"
#include "trainer/subjects/training.h"

namespace fl {

inline constexpr const char* kSceneFile = "scene.toml";
inline constexpr const char* kSessionFile = "session.jsonl";

// The files of a run folder, what is hardest to come by again first.
inline constexpr std::array<const char*, 6> kRunFiles = {kWeightsFile,  kCheckpointFile, "history.csv",
                                                         "report.json", kSessionFile,    kSceneFile};

// Whether `folder` holds any of them.
bool holds_run(const std::filesystem::path& folder);

// Writes all of them into `folder`, which is made if it is not there, at once; a session only where
// `session_text` is not empty. Where the disk has no room for all, what there is room for, the first of
// kRunFiles first; the error says what is saved then, and how to go on.
Result<void> write_run_folder(const std::filesystem::path& folder, Training& training, const Report& report,
                              const std::string& scene_text, const std::string& session_text = {});

// Removes them, the scene last: until it is gone, what is left can be resumed or tells whose it was.
void remove_run(const std::filesystem::path& folder);

// Before the first step: `scene_text` and a checkpoint, so that whatever ends the training, it can be
// resumed. Errors: the scene cannot be written; a checkpoint that cannot is a warning.
Result<void> begin_run_folder(const std::filesystem::path& folder, const Training& training,
                              const std::string& scene_text);

}  // namespace fl
