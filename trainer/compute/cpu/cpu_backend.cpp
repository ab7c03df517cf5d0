#include "trainer/compute/cpu/cpu_backend.h"

#include <omp.h>

#include "trainer/base/threads.h"
#include "trainer/compute/cpu/cpu_program.h"
#include "trainer/compute/cpu/rates/cpu_rate_runs.h"

namespace fl {

CpuBackend::CpuBackend(int threads) : threads_(threads > 0 ? threads : omp_get_num_procs()) {}

std::string CpuBackend::device() const {
  const dnnl_version_t* version = dnnl_version();
  return fmt::format("CPU (oneDNN {}.{}.{}, {} thread{})", version->major, version->minor, version->patch,
                     threads_, threads_ == 1 ? "" : "s");
}

Result<std::unique_ptr<Program>> CpuBackend::compile(const NetSpec& spec, int max_batch) {
  FL_TRY(layer_shapes(spec));
  if (max_batch < 1) return error("The batch size must be at least 1, not {}.", max_batch);
  // OpenMP ends the program where it finds out itself.
  FL_TRY(check_threads(threads_, "set train.threads = 1"));
  return std::unique_ptr<Program>(
      std::make_unique<CpuProgram>(std::make_shared<CpuNetwork>(spec), CpuTeam{threads_, threads_}));
}

Result<std::unique_ptr<RateRuns>> CpuBackend::rate_runs(const RateTask& task) {
  FL_TRY(check_threads(threads_, "set trainability.threads = 1"));
  return std::unique_ptr<RateRuns>(std::make_unique<CpuRateRuns>(task, threads_));
}

}  // namespace fl
