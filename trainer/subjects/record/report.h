#pragma once
// What a finished training says, in the terms Teachable Machine uses: accuracy per class and the confusion
// matrix on the test set, curves per epoch; and recall, precision and balanced accuracy, which say what an
// accuracy hides where classes differ in size.

#include <cstdint>
#include <string>
#include <vector>

#include "trainer/seam/frame.h"
#include "trainer/subjects/record/history.h"
#include "trainer/subjects/record/test_figures.h"

namespace fl {

struct Report : TestFigures {
  std::string scene;
  std::uint64_t seed = 0;
  std::string device;
  std::vector<std::string> classes;
  std::size_t train_images = 0, test_images = 0, parameters = 0;
  int skipped_images = 0;
  std::vector<EpochRecord> epochs;
  std::vector<CurvatureRecord> curvatures;  // as History has them
  std::vector<LineRecord> lines;            // the same
  std::vector<std::string> wrong_images;  // of the test set, by name
  double images_per_second = 0;           // training only
  RunState state = RunState::kReady;

  // The design's schema; values that are not finite become null.
  [[nodiscard]] std::string json() const;
};

// "finished", "diverged", else "stopped".
const char* report_state(RunState state);

}  // namespace fl
