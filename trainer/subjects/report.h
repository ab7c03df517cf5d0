#pragma once
// What a finished training says, in the terms Teachable Machine uses: accuracy per class and the confusion
// matrix on the test set, curves per epoch; and recall, precision and balanced accuracy, which say what an
// accuracy hides where classes differ in size.

#include <cstdint>
#include <string>
#include <vector>

#include "trainer/seam/frame.h"
#include "trainer/subjects/history.h"

namespace fl {

struct ClassAccuracy {
  std::string name;
  int correct = 0, samples = 0;
};

struct Report {
  std::string scene;
  std::uint64_t seed = 0;
  std::string device;
  std::vector<std::string> classes;
  std::size_t train_images = 0, test_images = 0, parameters = 0;
  int skipped_images = 0;
  std::vector<EpochRecord> epochs;
  std::vector<ClassAccuracy> accuracy_per_class;  // test set
  // [true][predicted], test set; empty where the network's outputs are not numbers, as after a divergence: then
  // there are no predictions, and no figures that follow from them.
  std::vector<std::vector<int>> confusion_matrix;
  std::vector<std::string> wrong_images;  // of the test set, by name
  double images_per_second = 0;                    // training only
  RunState state = RunState::kReady;

  // Recall: the share of a class's test images that were called so. Precision: the share of the test images called
  // so that belong to the class. NaN if there are no such images, or no predictions.
  [[nodiscard]] bool has_predictions() const { return !confusion_matrix.empty(); }
  [[nodiscard]] double recall(std::size_t index) const;
  [[nodiscard]] double precision(std::size_t index) const;
  // The mean recall of the classes that have test images: what guessing gives is 1 / classes, however unequal
  // they are. NaN without a test set.
  [[nodiscard]] double balanced_accuracy() const;

  // The design's schema; values that are not finite become null.
  [[nodiscard]] std::string json() const;
};

// "finished", "diverged", else "stopped".
const char* report_state(RunState state);

}  // namespace fl
