#pragma once
// fallline classify: what a trained network says of images it has never seen.

#include <filesystem>
#include <string>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

struct ClassifyOptions {
  std::filesystem::path run;                  // a run folder, or its weights.safetensors
  std::vector<std::filesystem::path> images;  // files, folders, ZIP archives
  std::filesystem::path json;                 // empty: none; "-": to standard output, instead of the table
};

// Prints every class's probability and the prediction, an image a line. What cannot be read is named on
// stderr, skipped and counted. Errors: a run without usable weights, no usable image at all.
Result<void> run_classify(const ClassifyOptions& options);

}  // namespace fl
