#pragma once
// What a training leaves on disk, in formats that Python, spreadsheets and ParaView open.

#include <filesystem>

#include "trainer/run/training.h"

namespace fl {

// The weights in the safetensors format (github.com/huggingface/safetensors, README, "Format"): named float32
// tensors, little-endian.
Result<void> write_weights(const std::filesystem::path& path, const ParamLayout& layout,
                           std::span<const float> params);

// Writes scene.toml (`scene_text`), history.csv, report.json and weights.safetensors into `folder`, which is
// made if it is not there.
Result<void> write_run_folder(const std::filesystem::path& folder, Training& training, const Report& report,
                              const std::string& scene_text);

}  // namespace fl
