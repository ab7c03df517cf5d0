#pragma once
// What the curves of a frame show, out of what the device keeps of a training.

#include <cmath>

#include "trainer/compute/kernels/step_sums.h"
#include "trainer/seam/frame.h"

namespace fl::kernels {

// Step point i is that of step i * stride + 1.
struct StepPoints {
  StepRing ring;
  std::size_t stride = 1;
  StepPoint* out = nullptr;
  FL_HD void operator()(std::size_t i) const {
    const StepOutcome& outcome = ring.outcomes[i * stride % ring.size];
    out[i].loss = static_cast<float>(outcome.loss);
    out[i].gradient_norm = static_cast<float>(outcome.gradient_norm);
    out[i].update_norm = static_cast<float>(outcome.update_norm);
  }
};

// An epoch's point: means over the images of its steps, as they were trained, summed in the order of the steps as the
// host does; then what an evaluation of the test set left. One element.
struct NoteEpoch {
  StepRing ring;
  std::size_t first = 0, count = 0;  // steps, from 0
  std::size_t batch = 0;             // images of a step; the last has what remains
  std::size_t images = 0;
  Evaluated test;  // without totals: there is no test set
  EpochPoint* point = nullptr;
  FL_HD void operator()(std::size_t) const {
    double loss = 0;
    std::int64_t correct = 0;
    for (std::size_t s = 0; s < count; ++s) {
      const StepOutcome& outcome = ring.outcomes[(first + s) % ring.size];
      const std::size_t left = images - s * batch;
      loss += outcome.loss * static_cast<double>(left < batch ? left : batch);
      correct += outcome.correct;
    }
    const auto n = static_cast<double>(images);
    point->loss = static_cast<float>(loss / n);
    point->accuracy = static_cast<float>(static_cast<double>(correct) / n);
    point->test_loss = test.totals != nullptr ? static_cast<float>(test.totals->loss / test.images) : NAN;
    // Outputs that are not numbers have no accuracy, not even 0.
    const bool known = test.totals != nullptr && std::isfinite(test.totals->loss);
    point->test_accuracy = known ? static_cast<float>(test.totals->hits / test.images) : NAN;
  }
};

}  // namespace fl::kernels
