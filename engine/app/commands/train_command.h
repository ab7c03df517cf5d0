#pragma once
// fallline train: a training from the command line, without a picture.

#include <filesystem>
#include <string>
#include <vector>

#include "trainer/base/result.h"
#include "trainer/compute/backend_choice.h"

namespace fl {

struct TrainOptions {
  std::string scene;  // empty: phantoms
  std::vector<std::string> overrides;
  std::filesystem::path resume;  // a run folder to go on with, instead of a scene; empty: none
  std::filesystem::path out;     // run folder; empty: the one resumed, or out/NAME, out/NAME-2, ...
  bool replace = false;          // the run that is in `out`
  std::filesystem::path json;    // report, additionally; empty: none; "-": to standard output, instead of the table
  BackendChoice backend;
};

// Shows progress on stderr and the result on stdout. Ctrl-C ends after the step in hand and keeps everything,
// so that the run can be resumed.
Result<void> run_train(const TrainOptions& options);

}  // namespace fl
