#pragma once
// RateRuns on the CPU: a thread takes as many pixels at once as a vector of its processor has lanes.

#include "trainer/compute/cpu/rates/lanes.h"
#include "trainer/compute/rate_runs.h"

namespace fl {

class CpuRateRuns final : public RateRuns {
 public:
  // `wide`: with AVX2, where the processor has it.
  CpuRateRuns(const RateTask& task, int threads, bool wide = true);
  [[nodiscard]] std::size_t at_once() const override;
  void run(std::span<const RatePair> pairs, RatePrecision precision, std::span<RateRun> runs) override;

 private:
  template <typename T>
  struct Side {
    std::vector<T> values;  // all of the task's, one after the other
    kernels::RateExamples<T> examples{};
    rates::Team<T> team;
  };
  template <typename T>
  void run_side(const Side<T>& side, std::span<const RatePair> pairs, std::span<RateRun> runs) const;

  int threads_;
  Side<float> floats_;
  Side<double> doubles_;
};

}  // namespace fl
