#include "trainer/compute/cuda/launches.h"
#include "trainer/compute/cuda/parallel.h"
#include "trainer/compute/kernels/layer_sums.h"
#include "trainer/compute/kernels/path_kernels.h"
#include "trainer/compute/kernels/slice_kernels.h"
#include "trainer/compute/kernels/step_sums.h"

namespace fl::cuda {

template <typename S>
void run_sums(const Stream& stream, std::size_t segments, std::size_t length, DevicePtr<double> scratch,
              const S& summation) {
  sum_segments(stream, segments, length, scratch.get(), summation);
}

template void run_sums(const Stream&, std::size_t, std::size_t, DevicePtr<double>, const kernels::BatchLoss&);
template void run_sums(const Stream&, std::size_t, std::size_t, DevicePtr<double>,
                       const kernels::BiasGradient&);
template void run_sums(const Stream&, std::size_t, std::size_t, DevicePtr<double>,
                       const kernels::GradientNorm&);
template void run_sums(const Stream&, std::size_t, std::size_t, DevicePtr<double>, const kernels::ListLoss&);
template void run_sums(const Stream&, std::size_t, std::size_t, DevicePtr<double>,
                       const kernels::NormStatistics&);
template void run_sums(const Stream&, std::size_t, std::size_t, DevicePtr<double>, const kernels::NormSums&);
template void run_sums(const Stream&, std::size_t, std::size_t, DevicePtr<double>, const kernels::PlaneSums&);
template void run_sums(const Stream&, std::size_t, std::size_t, DevicePtr<double>, const kernels::PointLoss&);
template void run_sums(const Stream&, std::size_t, std::size_t, DevicePtr<double>,
                       const kernels::ProjectSnapshots&);
template void run_sums(const Stream&, std::size_t, std::size_t, DevicePtr<double>, const kernels::Update&);

}  // namespace fl::cuda
