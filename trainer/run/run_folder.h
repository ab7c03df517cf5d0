#pragma once
// What a training leaves on disk, in formats that Python, spreadsheets and ParaView open.

#include <filesystem>
#include <string>

#include "trainer/run/training.h"

namespace fl {

inline constexpr const char* kSceneFile = "scene.toml";

// Writes scene.toml (`scene_text`), history.csv, report.json, weights.safetensors and checkpoint.safetensors
// into `folder`, which is made if it is not there: all of them, or, where one cannot be written, none.
Result<void> write_run_folder(const std::filesystem::path& folder, Training& training, const Report& report,
                              const std::string& scene_text);

}  // namespace fl
