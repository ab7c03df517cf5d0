#pragma once
// Vectors of the compiler's as the values of kernels/rate_kernels.h: a number for each of several pixels. It
// is included by sources that are compiled for different processors, so each function that it makes is a
// template of the vector, and no two of those sources have the same vector.

#include <cstdint>
#include <type_traits>

#include "trainer/compute/kernels/rate_kernels.h"

namespace fl::kernels {

template <typename V>
requires requires(V v) {
  v[0];
}
struct Lanes<V> {
  using Number = std::remove_cvref_t<decltype(V{}[0])>;
  using Word = typename Precision<Number>::Word;
  typedef Word Words __attribute__((vector_size(sizeof(V))));
  static constexpr int kCount = sizeof(V) / sizeof(Number);
  template <typename Mask>
  static bool any(const Mask& mask) {
    for (int i = 0; i < kCount; ++i)
      if (mask[i]) return true;
    return false;
  }
};

}  // namespace fl::kernels

namespace fl::rates {

// So many pixels at once, from `pairs` into `runs`. Beside whom a pixel stands changes nothing.
template <typename T>
struct Team {
  int pixels = 1;
  void (*train)(const kernels::RateExamples<T>&, const kernels::RatePair* pairs,
                kernels::RateRun* runs) = nullptr;
};
inline constexpr int kMostAbreast = 8;

template <typename V, typename T>
void train_lanes(const kernels::RateExamples<T>& task, const kernels::RatePair* pairs,
                 kernels::RateRun* runs) {
  V first{}, second{};
  for (int i = 0; i < kernels::Lanes<V>::kCount; ++i) {
    first[i] = static_cast<T>(pairs[i].first);
    second[i] = static_cast<T>(pairs[i].second);
  }
  const kernels::RateOutcome<V> o = kernels::train_with_rates(task, first, second);
  for (int i = 0; i < kernels::Lanes<V>::kCount; ++i)
    runs[i] = kernels::rate_run<V>(o.sum[i], o.inverses[i], o.tail[i], o.steps[i], task.steps);
}

template <typename V>
Team<typename kernels::Lanes<V>::Number> team_of() {
  using T = typename kernels::Lanes<V>::Number;
  return {kernels::Lanes<V>::kCount, train_lanes<V, T>};
}

// For any processor that this program runs on, and, on x86, for those that have AVX2.
Team<float> any_floats();
Team<double> any_doubles();
Team<float> avx2_floats();
Team<double> avx2_doubles();

}  // namespace fl::rates
