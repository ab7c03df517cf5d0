#pragma once
// Sums over segments: what one adds up, and how the work is split. The split depends on the length alone, so
// that the same values give the same bits whatever else a device does.
//
// A summation is a struct with `kSums`, `Sums<kSums> term(segment, i)` and `finish(segment, total)`. Each term
// is formed exactly once, so it may write as well: a pass over memory less.

#include <cstddef>

#include "trainer/base/host_device.h"

namespace fl::kernels {

// N sums formed in one pass. In double: a float's square is exact in it and cannot overflow.
template <int N>
struct Sums {
  double values[N] = {};
  FL_HD Sums& operator+=(const Sums& other) {
    for (int k = 0; k < N; ++k) values[k] += other.values[k];
    return *this;
  }
};

inline constexpr int kMostSums = 3;
inline constexpr std::size_t kSumChunk = 4096;  // values that one block adds up

constexpr std::size_t sum_chunks(std::size_t length) {
  return length <= kSumChunk ? 1 : (length + kSumChunk - 1) / kSumChunk;
}
// Doubles of scratch memory that a summation needs.
constexpr std::size_t sum_scratch(std::size_t segments, std::size_t length) {
  return sum_chunks(length) == 1 ? 0 : kMostSums * segments * sum_chunks(length);
}

}  // namespace fl::kernels
