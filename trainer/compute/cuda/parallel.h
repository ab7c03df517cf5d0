#pragma once
// The two shapes in which this folder's kernels run: one thread an index, and sums in a fixed order.

#include "trainer/compute/cuda/cuda_check.h"
#include "trainer/compute/kernels/sums.h"

namespace fl::cuda {

inline constexpr unsigned kThreads = 256;

namespace detail {

template <typename F>
__global__ void __launch_bounds__(kThreads) run_index(std::size_t count, F f) {
  const std::size_t i = std::size_t{blockIdx.x} * kThreads + threadIdx.x;
  if (i < count) f(i);
}

// The total of the block's values, valid in thread 0; a tree, so always in the same order.
template <int N>
__device__ kernels::Sums<N> block_total(kernels::Sums<N> own) {
  __shared__ double shared[N][kThreads];
  for (int k = 0; k < N; ++k) shared[k][threadIdx.x] = own.values[k];
  for (unsigned half = kThreads / 2; half > 0; half /= 2) {
    __syncthreads();
    if (threadIdx.x < half)
      for (int k = 0; k < N; ++k) shared[k][threadIdx.x] += shared[k][threadIdx.x + half];
  }
  if (threadIdx.x == 0)
    for (int k = 0; k < N; ++k) own.values[k] = shared[k][0];
  return own;
}

// One block a chunk of a segment. Where a segment is one chunk, its sum is finished here.
template <typename S>
__global__ void __launch_bounds__(kThreads) sum_chunk(std::size_t length, std::size_t chunks, double* partials, S s) {
  constexpr int N = S::kSums;
  const std::size_t segment = blockIdx.x / chunks;
  const std::size_t begin = blockIdx.x % chunks * kernels::kSumChunk;
  const std::size_t end = begin + kernels::kSumChunk < length ? begin + kernels::kSumChunk : length;
  kernels::Sums<N> sums;
  for (std::size_t i = begin + threadIdx.x; i < end; i += kThreads) sums += s.term(segment, i);
  sums = block_total(sums);
  if (threadIdx.x != 0) return;
  if (chunks == 1) {
    s.finish(segment, sums);
    return;
  }
  for (int k = 0; k < N; ++k) partials[std::size_t{blockIdx.x} * N + k] = sums.values[k];
}

template <typename S>
__global__ void __launch_bounds__(kThreads) sum_partials(std::size_t chunks, const double* partials, S s) {
  constexpr int N = S::kSums;
  const std::size_t segment = blockIdx.x;
  kernels::Sums<N> sums;
  for (std::size_t chunk = threadIdx.x; chunk < chunks; chunk += kThreads)
    for (int k = 0; k < N; ++k) sums.values[k] += partials[(segment * chunks + chunk) * N + k];
  sums = block_total(sums);
  if (threadIdx.x == 0) s.finish(segment, sums);
}

}  // namespace detail

template <typename F>
void for_each_index(const Stream& stream, std::size_t count, const F& f) {
  if (count == 0) return;
  const auto blocks = static_cast<unsigned>((count + kThreads - 1) / kThreads);
  detail::run_index<<<blocks, kThreads, 0, static_cast<cudaStream_t>(stream.handle())>>>(count, f);
  check_launch(__FILE__, __LINE__);
}

template <typename S>
void sum_segments(const Stream& stream, std::size_t segments, std::size_t length, double* scratch, const S& s) {
  static_assert(S::kSums <= kernels::kMostSums);
  if (segments == 0) return;
  const std::size_t chunks = kernels::sum_chunks(length);
  const auto queue = static_cast<cudaStream_t>(stream.handle());
  detail::sum_chunk<<<static_cast<unsigned>(segments * chunks), kThreads, 0, queue>>>(length, chunks, scratch, s);
  check_launch(__FILE__, __LINE__);
  if (chunks == 1) return;
  detail::sum_partials<<<static_cast<unsigned>(segments), kThreads, 0, queue>>>(chunks, scratch, s);
  check_launch(__FILE__, __LINE__);
}

}  // namespace fl::cuda
