#pragma once
// Everything a training measured, kept whole on the host: what is drawn may skip frames, history may not.

#include <cstdint>
#include <string>
#include <vector>

#include "trainer/seam/frame.h"

namespace fl {

struct StepRecord {
  std::int64_t step = 0;  // 1 for the first
  int epoch = 0;          // 0 for the first
  double loss = 0;        // mean over the batch, before the update; weighted where classes are
  double accuracy = 0;
  double rate = 0;
  double gradient_norm = 0;
  double update_norm = 0;
};

struct EpochRecord {
  int epoch = 0;
  double loss = 0, accuracy = 0;            // image-weighted means over the batches as they were trained
  double test_loss = 0, test_accuracy = 0;  // one pass after the epoch; NaN without a test set, the
                                            // accuracy also where the loss is not finite
  double seconds = 0;

  // As the curves show it.
  [[nodiscard]] EpochPoint point() const {
    return {static_cast<float>(loss), static_cast<float>(accuracy), static_cast<float>(test_loss),
            static_cast<float>(test_accuracy)};
  }
};

// The curvature of the loss at the weights after so many steps; see MeasuredCurvature. What is not known is
// not a number.
struct CurvatureRecord {
  std::int64_t step = 0;
  double largest = 0;  // eigenvalue of the Hessian
  double batch_sharpness = 0;
  double sharpness = 0, limit = 0;  // what the optimizer's limit is of, and that

  bool operator==(const CurvatureRecord&) const = default;
};

// The loss along the straight line between two forks of a step, as they were after `step` of theirs
// (trainer/subjects/fate); `losses` at equal distances, `ridge` as ridge_of() has it.
struct LineRecord {
  std::int64_t fork_step = 0, step = 0;
  double ridge = 0;
  std::vector<double> losses;

  bool operator==(const LineRecord&) const = default;
};

struct History {
  std::vector<StepRecord> steps;
  std::vector<EpochRecord> epochs;
  // Accuracies on the test set after each epoch, [epoch][class] of the first kFrameMaxClasses classes; not
  // numbers where a class has no test images, where nothing was predicted, and where nobody kept them. Empty
  // without a test set.
  std::vector<float> class_accuracies;
  // Ascending by step; empty where nobody measures.
  std::vector<CurvatureRecord> curvatures;
  // The newest of each step, ascending by that; empty where nobody asks.
  std::vector<LineRecord> lines;

  // One row a step; the epoch's columns are filled in its last step's row. No clock times: the same run
  // gives the same bytes.
  [[nodiscard]] std::string csv() const;
  // One row a curvature; empty where there is none.
  [[nodiscard]] std::string curvature_csv() const;
  // One row a point of a line; empty where there is none.
  [[nodiscard]] std::string lines_csv() const;
};

}  // namespace fl
