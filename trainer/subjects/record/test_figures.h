#pragma once
// What one evaluation of the test set says, class by class: the figures of the report and of whoever shows
// them while training goes on, so that both count alike.

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "trainer/data/dataset.h"

namespace fl {

struct ClassAccuracy {
  std::string name;
  int correct = 0, samples = 0;
};

// A test image that is called otherwise than it is.
struct WrongImage {
  std::int32_t image = 0;  // in the data set
  std::int32_t truth = 0, predicted = 0;
  std::vector<float> probabilities;  // by class
};

struct TestFigures {
  // So many wrong images are kept with their probabilities.
  static constexpr std::size_t kMostWrong = 1000;

  std::int64_t step = 0;                          // whose weights were evaluated
  std::vector<ClassAccuracy> accuracy_per_class;  // test set
  // [true][predicted], test set; empty where the network's outputs are not numbers, as after a divergence:
  // then there are no predictions, and no figures that follow from them.
  std::vector<std::vector<int>> confusion_matrix;
  std::vector<std::int32_t> wrong;  // all of them, in the test set's order
  std::vector<WrongImage> worst;    // those whose true class is given the least, the least first

  // Recall: the share of a class's test images that were called so. Precision: the share of the test images
  // called so that belong to the class. NaN if there are no such images, or no predictions.
  [[nodiscard]] bool has_predictions() const { return !confusion_matrix.empty(); }
  [[nodiscard]] double recall(std::size_t index) const;
  [[nodiscard]] double precision(std::size_t index) const;
  // The mean recall of the classes that have test images: what guessing gives is 1 / classes, however unequal
  // they are. NaN without a test set.
  [[nodiscard]] double balanced_accuracy() const;
};

// Of the first kFrameMaxClasses classes, as History::class_accuracies; arguments as test_figures().
[[nodiscard]] std::vector<float> class_accuracies(const Dataset& data, std::span<const std::int32_t> test,
                                                  std::span<const float> probabilities, double loss);

// Of the images `test` of `data`. `probabilities`: [test][class], not looked at where `loss`, the mean over
// them, is not finite.
[[nodiscard]] TestFigures test_figures(const Dataset& data, std::span<const std::int32_t> test,
                                       std::span<const float> probabilities, double loss);

}  // namespace fl
