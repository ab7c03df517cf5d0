#include "trainer/backend/backend.h"

#include <cmath>

#include "trainer/backend/cpu/cpu_backend.h"
#include "trainer/base/check.h"

namespace fl {

std::size_t Program::train_steps(std::span<const TrainBatch> batches, std::span<StepResult> results) {
  FL_CHECK(results.size() == batches.size());
  for (std::size_t s = 0; s < batches.size(); ++s) {
    results[s] = train_step(batches[s].images, batches[s].rate);
    if (!std::isfinite(results[s].batch.loss)) return s + 1;
  }
  return batches.size();
}

Result<std::unique_ptr<Backend>> make_cpu_backend(int threads) {
  if (threads < 0 || threads > 1024)
    return error("{} is not a number of threads; use 1 to 1024, or 0 for one a core.", threads);
  return std::unique_ptr<Backend>(std::make_unique<CpuBackend>(threads));
}

}  // namespace fl
