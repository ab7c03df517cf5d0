#pragma once
// The CUDA backend on the device that choose_device() takes.

#include "trainer/compute/backend.h"
#include "trainer/compute/cuda/capability.h"
#include "trainer/compute/cuda/cuda_options.h"

namespace fl::cuda {

// Of this machine. Never fails: what does not work is a fact, too.
CudaFacts cuda_facts();

class CudaBackend final : public Backend {
 public:
  // Error: why no device can be used, as one sentence.
  static Result<std::unique_ptr<Backend>> create(const MathOptions& math);
  // "NVIDIA H100 80GB HBM3 (CUDA 13.0, cuDNN 9.19.0, TF32)"
  [[nodiscard]] std::string device() const override { return name_; }
  [[nodiscard]] std::optional<DeviceUuid> gpu() const override { return uuid_; }
  Result<std::unique_ptr<Program>> compile(const NetSpec& spec, int max_batch) override;
  Result<std::unique_ptr<RateRuns>> rate_runs(const RateTask& task) override;

 private:
  CudaBackend(const CudaOptions& options, std::string name, const DeviceUuid& uuid)
      : options_(options), name_(std::move(name)), uuid_(uuid) {}
  CudaOptions options_;
  std::string name_;
  DeviceUuid uuid_;
};

}  // namespace fl::cuda
