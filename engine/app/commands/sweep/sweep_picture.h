#pragma once
// The results of a sweep as a figure.

#include <filesystem>

#include "trainer/base/result.h"

namespace fl {

// What of a sweep's folder is drawn, and where.
struct SweepPictureOptions {
  std::filesystem::path folder, out;  // NAME.png, .svg or .pdf
};

// Test accuracy and final loss, side by side, over the first two axes; means over the others. Errors: no
// sweep is there; what the disk says.
Result<void> draw_sweep(const SweepPictureOptions& options);

}  // namespace fl
