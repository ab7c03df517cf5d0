#pragma once
// fallline export: a trained network in a format of others.

#include <filesystem>

#include "trainer/base/result.h"

namespace fl {

struct ExportOptions {
  std::filesystem::path source;  // a run folder, its weights.safetensors, or an exported model
  std::filesystem::path out;     // NAME.zip: TensorFlow.js; NAME.onnx
  bool replace = false;          // the file that is there
};

// Errors: a source that cannot be used, an ending that means no format, a place that cannot be written or
// holds a file already.
Result<void> run_export(const ExportOptions& options);

}  // namespace fl
