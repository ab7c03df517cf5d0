#include "trainer/compute/trainer.h"

#include <cmath>

#include "trainer/base/check.h"

namespace fl {

std::size_t Trainer::train_steps(std::span<const TrainBatch> batches, std::span<StepResult> results) {
  FL_CHECK(results.size() == batches.size());
  for (std::size_t s = 0; s < batches.size(); ++s) {
    results[s] = train_step(batches[s].images, batches[s].rate);
    if (!std::isfinite(results[s].batch.loss)) return s + 1;
  }
  return batches.size();
}

}  // namespace fl
