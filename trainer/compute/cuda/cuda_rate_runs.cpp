#include "trainer/compute/cuda/cuda_rate_runs.h"

#include <algorithm>

#include "trainer/base/check.h"
#include "trainer/compute/cuda/launches.h"

namespace fl::cuda {

CudaRateRuns::CudaRateRuns(const RateTask& task, int device)
    : device_(device), stream_(Priority::kLow), rates_(kAtOnce), runs_(kAtOnce) {
  bring(task, floats_);
  bring(task, doubles_);
}

template <typename T>
void CudaRateRuns::bring(const RateTask& task, Side<T>& side) {
  std::vector<T> values;
  for (const auto* part : {&task.inputs, &task.targets, &task.first, &task.second})
    values.insert(values.end(), part->begin(), part->end());
  side.values = upload_array<T>(stream_, values);
  const DevicePtr<const T> inputs = side.values.data();
  const DevicePtr<const T> targets = inputs + task.inputs.size();
  const DevicePtr<const T> first = targets + task.targets.size();
  const DevicePtr<const T> second = first + task.first.size();
  side.examples = {inputs.get(), targets.get(), first.get(), second.get(), task.steps};
}

void CudaRateRuns::run(std::span<const RatePair> rates, RatePrecision precision, std::span<RateRun> runs) {
  FL_CHECK(runs.size() == rates.size());
  use_device(device_);
  for (std::size_t begin = 0; begin < rates.size(); begin += kAtOnce) {
    const std::size_t count = std::min(kAtOnce, rates.size() - begin);
    upload(stream_, rates_.data(), rates.data() + begin, count * sizeof(RatePair));
    if (precision == RatePrecision::kFloat)
      cuda::run(stream_, count,
                kernels::TrainPixel<float>{floats_.examples, rates_.data().get(), runs_.data().get()});
    else
      cuda::run(stream_, count,
                kernels::TrainPixel<double>{doubles_.examples, rates_.data().get(), runs_.data().get()});
    download(stream_, runs.data() + begin, runs_.data(), count * sizeof(RateRun));
  }
}

}  // namespace fl::cuda
