#pragma once
// fallline export: a trained network in a format of others; a Teachable Machine project with other settings.

#include <filesystem>
#include <string>
#include <vector>

#include "trainer/base/result.h"

namespace fl {

struct ExportOptions {
  std::filesystem::path source;  // a run folder, its weights.safetensors, an exported model; a project
  std::filesystem::path out;     // NAME.zip: TensorFlow.js; NAME.onnx; of a project NAME.tm
  bool replace = false;          // the file that is there
  // Of a project: what its settings are afterwards, of the keys that it keeps; and OLD=NEW, names of classes.
  std::vector<std::string> overrides, renames;
};

// Errors: a source that cannot be used, an ending that means no format, a place that cannot be written or
// holds a file already.
Result<void> run_export(const ExportOptions& options);

}  // namespace fl
