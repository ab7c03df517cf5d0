#pragma once
// The CPU backend: oneDNN primitives in blocked layouts, on OpenMP threads.

#include "trainer/compute/backend.h"
#include "trainer/compute/group_backend.h"

namespace fl {

class CpuBackend final : public Backend {
 public:
  explicit CpuBackend(int threads);  // 0: one a core
  [[nodiscard]] std::string device() const override;
  Result<std::unique_ptr<Program>> compile(const NetSpec& spec, int max_batch) override;
  Result<std::unique_ptr<RateRuns>> rate_runs(const RateTask& task) override;

 private:
  int threads_;
};

// The same for many runs at once (cpu_group.h).
std::unique_ptr<GroupBackend> started_cpu_group(const GroupOptions& options);

}  // namespace fl
