#pragma once
// Where the numbers of a training deceive, or say that something is wrong: a plain sentence for each. Every
// rule stands here with its thresholds; a training that only just falls short of one gets no sentence.
//
// kDiverged: the loss of the last step is not a number, or infinite.
// kRateTooLarge: over 20 steps or more, the median loss of the last 20 is at least half again what guessing
//   costs, ln(classes).
// kNothingLearned: over 3 epochs or more, the training loss has fallen by less than 2 %, and the balanced
//   accuracy over the test set is less than 0.05 above 1 / classes.
// kMissedClass: the accuracy over the test set is 0.75 or more, and of a class with test images less than
//   half is found: the other classes hide it.
// kOneClass: 4 test images or more, of two classes at least, and all are called the same. Not beside
//   kMissedClass, which says more.
// kOverfitting: over 8 epochs or more: the mean test loss of the last 3 is at least 1.15 times the least,
//   which is 3 epochs back or more, and the training loss has fallen by 10 % or more since then.
// kInTwoClasses: one image or more lies in two classes or more, the same to the pixel.
// kTrainedOn: one test image or more lies in the training set, too, the same to the pixel.
// kFewTestImages: a test set of fewer than 50 images. The interval of the accuracy (interval.h) is said.

#include <span>
#include <string>
#include <vector>

#include "trainer/subjects/record/run_figures.h"

namespace fl {

struct Finding {
  enum class Kind {
    kDiverged,
    kRateTooLarge,
    kNothingLearned,
    kMissedClass,
    kOneClass,
    kOverfitting,
    kInTwoClasses,
    kTrainedOn,
    kFewTestImages,
  };
  Kind kind;
  std::string sentence;  // what, and what to do
};

// In the order above; none where there are no figures. `names`: what the classes are called in the sentences;
// empty: as the figures have them.
[[nodiscard]] std::vector<Finding> findings(const RunFigures& figures,
                                            std::span<const std::string> names = {});

}  // namespace fl
