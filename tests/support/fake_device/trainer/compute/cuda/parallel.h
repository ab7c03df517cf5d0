#pragma once
// Takes the place of the real parallel.h in tests: the same functors and summations as loops on the host, with
// the same split of every sum.

#include "tests/support/fake_device/fake_device.h"
#include "tests/support/fake_device/gap_watch.h"
#include "trainer/compute/cuda/device.h"
#include "trainer/compute/kernels/batch_kernels.h"
#include "trainer/compute/kernels/sums.h"

namespace fl::cuda {

template <typename F>
void for_each_index(const Stream& stream, std::size_t count, const F& f) {
  fake::enqueue(stream, [count, f] {
    fake::doing(typeid(F));
    if constexpr (std::is_same_v<F, kernels::ImageLoss>)
      fake::counts().images += static_cast<std::int64_t>(count);
    // Backwards every other time: a kernel that needs an order is wrong.
    static bool forwards = false;
    forwards = !forwards;
    for (std::size_t i = 0; i < count; ++i) f(forwards ? i : count - 1 - i);
  });
}

template <typename S>
void sum_segments(const Stream& stream, std::size_t segments, std::size_t length, double* scratch, const S& s) {
  constexpr int N = S::kSums;
  const std::size_t chunks = kernels::sum_chunks(length);
  fake::enqueue(stream, [segments, length, chunks, scratch, s] {
    fake::doing(typeid(S));
    for (std::size_t block = 0; block < segments * chunks; ++block) {
      const std::size_t segment = block / chunks, begin = block % chunks * kernels::kSumChunk;
      kernels::Sums<N> sums;
      for (std::size_t i = begin; i < std::min(begin + kernels::kSumChunk, length); ++i)
        sums += s.term(segment, i);
      if (chunks == 1)
        s.finish(segment, sums);
      else
        for (int k = 0; k < N; ++k) scratch[block * N + static_cast<std::size_t>(k)] = sums.values[k];
    }
  });
  if (chunks == 1) return;
  fake::enqueue(stream, [segments, chunks, scratch, s] {
    fake::doing(typeid(S));
    for (std::size_t segment = 0; segment < segments; ++segment) {
      kernels::Sums<N> sums;
      for (std::size_t chunk = 0; chunk < chunks; ++chunk)
        for (int k = 0; k < N; ++k)
          sums.values[k] += scratch[(segment * chunks + chunk) * N + static_cast<std::size_t>(k)];
      s.finish(segment, sums);
    }
  });
}

}  // namespace fl::cuda
