#pragma once
// The seam to a device: a Backend compiles a network into a Program, which owns everything that lives there.

#include <memory>
#include <optional>
#include <string>

#include "trainer/base/device_uuid.h"
#include "trainer/base/result.h"
#include "trainer/compute/device_error.h"
#include "trainer/compute/program.h"
#include "trainer/compute/rate_runs.h"

namespace fl {

class Backend {
 public:
  virtual ~Backend() = default;
  // "CPU (oneDNN 2.6.3, 2 threads)"
  [[nodiscard]] virtual std::string device() const = 0;
  // The card whose memory its programs compute in; none where that is the host's.
  [[nodiscard]] virtual std::optional<DeviceUuid> gpu() const { return std::nullopt; }
  // `max_batch`: the largest training batch.
  virtual Result<std::unique_ptr<Program>> compile(const NetSpec& spec, int max_batch) = 0;
  // Trains the task's network with many pairs of rates.
  // Error: this one does not.
  virtual Result<std::unique_ptr<RateRuns>> rate_runs(const RateTask& /*task*/) {
    return error("{} draws no trainability maps; use --backend cpu.", device());
  }
};

// The CPU backend on `threads` threads (0: one a core).
Result<std::unique_ptr<Backend>> make_cpu_backend(int threads);

}  // namespace fl
