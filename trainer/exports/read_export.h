#pragma once
// A model in TensorFlow.js form as a trained network of ours, to classify with.

#include <filesystem>

#include "trainer/files/weights_file.h"

namespace fl {

// A ZIP, a model.json, or a folder that has one.
[[nodiscard]] bool is_export(const std::filesystem::path& path);

// Of Teachable Machine or "fallline export"; the latter says what its images went through. Errors: as
// read_tm_export.
Result<TrainedNetwork> read_export(const std::filesystem::path& path);

}  // namespace fl
