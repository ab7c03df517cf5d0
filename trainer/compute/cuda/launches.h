#pragma once
// Starting kernels from plain C++: the functors and summations of backend/kernels are instantiated in
// launches.cu and sum_launches.cu, the only two sources that nvcc has to read.

#include <cstddef>

#include "trainer/compute/cuda/device.h"

namespace fl::cuda {

// f(i) for every i below `count`, in no order.
template <typename F>
void run(const Stream& stream, std::size_t count, const F& f);

// For every segment: finish(segment, sum over i below `length` of term(segment, i)); see kernels/sums.h.
// `scratch`: kernels::sum_scratch(segments, length) doubles, free until the work is done.
template <typename S>
void run_sums(const Stream& stream, std::size_t segments, std::size_t length, DevicePtr<double> scratch,
              const S& summation);

}  // namespace fl::cuda
