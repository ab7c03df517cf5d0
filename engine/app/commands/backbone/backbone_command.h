#pragma once
// fallline backbone: trains the backbone on phantoms alone, which are drawn on the way.

#include <filesystem>

#include "trainer/base/result.h"
#include "trainer/compute/backend_choice.h"
#include "trainer/pretraining/pretraining.h"

namespace fl {

struct BackboneOptions {
  PretrainingRecipe recipe;
  std::filesystem::path out;
  bool replace = false;
  BackendChoice backend;
  int threads = 0;  // 0: one a core
};

// Saves beside `out`, as NAME.part, now and then and when it is interrupted; the same command goes on from
// there, and `out` appears when the training has ended. Errors: a file is there, another recipe's part is,
// divergence, what cannot be written.
Result<void> run_backbone(const BackboneOptions& options);

}  // namespace fl
