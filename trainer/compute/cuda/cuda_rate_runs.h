#pragma once
// RateRuns on a device: one thread a pixel.

#include "trainer/compute/cuda/device.h"
#include "trainer/compute/rate_runs.h"

namespace fl::cuda {

class CudaRateRuns final : public RateRuns {
 public:
  // On the calling thread's device, as each call of run() chooses it again. Throws CudaError.
  CudaRateRuns(const RateTask& task, int device);
  [[nodiscard]] std::size_t at_once() const override { return kAtOnce; }
  void run(std::span<const RatePair> rates, RatePrecision precision, std::span<RateRun> runs) override;

 private:
  static constexpr std::size_t kAtOnce = 8192;
  template <typename T>
  struct Side {
    DeviceArray<T> values;
    kernels::RateExamples<T> examples{};
  };
  template <typename T>
  void bring(const RateTask& task, Side<T>& side);

  int device_;
  Stream stream_;
  Side<float> floats_;
  Side<double> doubles_;
  DeviceArray<RatePair> rates_;
  DeviceArray<RateRun> runs_;
};

}  // namespace fl::cuda
