#pragma once
// `fallline sweep`: one lesson trained with every combination of some values, by any number of processes.

#include <filesystem>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/compute/backend_choice.h"

namespace fl {

struct SweepOptions {
  std::string scene;  // empty: phantoms
  std::vector<std::string> overrides, axes;
  BackendChoice backend = {};
  std::filesystem::path out;
  int threads = 0;  // cells at once; 0: one for each core that this process has
  bool replace = false;
};

// Errors: one sentence; what was trained is kept.
Result<void> run_sweep(const SweepOptions& options);

}  // namespace fl
