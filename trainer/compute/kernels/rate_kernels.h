#pragma once
// Training one tiny network with a pair of learning rates, from start to end: what one pixel of a
// trainability map is (Sohl-Dickstein 2024, "The boundary of neural network trainability is fractal"). f(x) =
// second . tanh(first x), mean squared error, plain descent with all examples in every step, a rate for each
// layer.
//
// One source for all: a value V is a number on a GPU, where a thread is a pixel, and a vector of numbers, one
// a pixel, on a CPU. Nothing is summed across pixels, so that a pixel's bytes depend on neither.

#include <cstdint>
#include <cstring>

#include "trainer/base/host_device.h"

namespace fl::kernels {

inline constexpr int kRateWidth = 8;  // inputs, and hidden units
inline constexpr int kRateWeights = kRateWidth * kRateWidth;
// As many as there are weights in both layers: just enough for the network to learn them all by heart.
inline constexpr int kRateExamples = kRateWeights + kRateWidth;
inline constexpr int kRateTail = 20;  // last steps whose mean loss decides
// Of the first loss: from there on no run comes back, and it ends.
inline constexpr double kRateLost = 1e6;
inline constexpr double kRateLeast = 1e-6;  // a smaller share of the first loss counts as this much

// What all pixels train: the same examples from the same weights.
template <typename T>
struct RateExamples {
  const T* inputs;   // [example][input]
  const T* targets;  // [example]
  const T* first;    // [hidden][input], at the start
  const T* second;   // [hidden]
  int steps;
};

// How one training went. `v`: a step's loss, a share of the first one's.
template <typename V>
struct RateOutcome {
  V sum;       // of v over the steps made
  V inverses;  // of 1 / v
  V tail;      // mean v of the last kRateTail steps; of a run that was lost meaningless
  V steps;     // made before v passed kRateLost or was no number; all of them: it was not lost
};

// A type of number: how its exponent is reached, and how far a series must go for its precision.
template <typename T>
struct Precision;
template <>
struct Precision<float> {
  using Word = std::uint32_t;
  static constexpr Word kMantissa = 23, kOne = 0x3f800000u;
  static constexpr float kWhole = 0x1.8p23F;  // added and taken away: the nearest whole number
  static constexpr float kSaturated = 10;     // tanh is 1 from there on
  static constexpr int kTerms = 5;
};
template <>
struct Precision<double> {
  using Word = std::uint64_t;
  static constexpr Word kMantissa = 52, kOne = 0x3ff0000000000000u;
  static constexpr double kWhole = 0x1.8p52;
  static constexpr double kSaturated = 20;
  static constexpr int kTerms = 9;
};

// What a value is made of: itself, or lanes (cpu/rates/lanes.h).
template <typename V>
struct Lanes {
  using Number = V;
  using Words = typename Precision<V>::Word;
  FL_HD static bool any(bool mask) { return mask; }
};

// 2^k, where `shifted` is Precision::kWhole + k.
template <typename V>
FL_HD inline V power_of_two(V shifted) {
  using P = Precision<typename Lanes<V>::Number>;
  typename Lanes<V>::Words words;
  std::memcpy(&words, &shifted, sizeof(words));
  words = (words << P::kMantissa) + P::kOne;
  std::memcpy(&shifted, &words, sizeof(words));
  return shifted;
}

// (1 - e) / (1 + e) with e = exp(-2 |x|): right to about two units of 1's last place. Our own, because the
// libraries' differ from machine to machine, and none takes lanes.
template <typename V>
FL_HD inline V tanh_of(V x) {
  using T = typename Lanes<V>::Number;
  using P = Precision<T>;
  const V zero{};
  V size = x < zero ? -x : x;
  const V most = zero + P::kSaturated;
  size = size > most ? most : size;                    // what is not a number stays so
  const V halvings = size * T(-2.885390081777926814);  // -2 / ln 2
  const V shifted = halvings + P::kWhole;
  // A quarter of what is left, then squared twice: the series is shorter.
  const V rest = (halvings - (shifted - P::kWhole)) * T(0.17328679513998632735);  // ln 2 / 4
  V e = zero + T(1);
  for (int n = P::kTerms; n > 0; --n) e = T(1) + rest * e * T(1.0 / n);
  e = e * e;
  e = e * e * power_of_two(shifted);
  const V t = (T(1) - e) / (T(1) + e);
  return x < zero ? -t : t;
}

// One example: its error comes back, its part of the gradients is added.
template <typename V, typename T>
FL_HD inline V rate_example(const T* inputs, T target, const V* first, const V* second, V* to_first,
                            V* to_second) {
  V hidden[kRateWidth];
  for (int i = 0; i < kRateWidth; ++i) {
    V sum = first[i * kRateWidth] * inputs[0];
    for (int j = 1; j < kRateWidth; ++j) sum += first[i * kRateWidth + j] * inputs[j];
    hidden[i] = tanh_of(sum);
  }
  V output = second[0] * hidden[0];
  for (int i = 1; i < kRateWidth; ++i) output += second[i] * hidden[i];
  const V miss = output * T(1.0 / kRateWidth) - target;
  for (int i = 0; i < kRateWidth; ++i) {
    to_second[i] += miss * hidden[i];
    const V back = miss * second[i] * (T(1) - hidden[i] * hidden[i]);
    for (int j = 0; j < kRateWidth; ++j) to_first[i * kRateWidth + j] += back * inputs[j];
  }
  return miss;
}

template <typename V, typename T>
FL_HD inline RateOutcome<V> train_with_rates(const RateExamples<T>& task, V first_rate, V second_rate) {
  const V zero{};
  V first[kRateWeights], second[kRateWidth];
  for (int i = 0; i < kRateWeights; ++i) first[i] = zero + task.first[i];
  for (int i = 0; i < kRateWidth; ++i) second[i] = zero + task.second[i];
  // Of the mean over the examples, and of the output's own 1 / width.
  const T share = T(2.0 / (kRateExamples * kRateWidth));
  const V lost = zero + T(kRateLost), least = zero + T(kRateLeast);
  RateOutcome<V> outcome{zero, zero, zero, zero};
  auto running = lost > zero;
  V begin{};
  for (int step = 0; step < task.steps; ++step) {
    V to_first[kRateWeights] = {}, to_second[kRateWidth] = {}, loss{};
    for (int e = 0; e < kRateExamples; ++e) {
      const V miss =
          rate_example(task.inputs + e * kRateWidth, task.targets[e], first, second, to_first, to_second);
      loss += miss * miss;
    }
    if (step == 0) begin = loss;
    const V v = loss / begin;
    running = running & (v <= lost);
    if (!Lanes<V>::any(running)) break;
    outcome.sum += running ? v : zero;
    outcome.inverses += running ? T(1) / (v > least ? v : least) : zero;
    outcome.steps += running ? zero + T(1) : zero;
    if (step >= task.steps - kRateTail) outcome.tail += running ? v * T(1.0 / kRateTail) : zero;
    for (int i = 0; i < kRateWeights; ++i) first[i] -= first_rate * (to_first[i] * share);
    for (int i = 0; i < kRateWidth; ++i) second[i] -= second_rate * (to_second[i] * share);
  }
  return outcome;
}

struct RatePair {
  double first = 0, second = 0;  // learning rates of the layers
};

// How one training went, as a map keeps it.
struct RateRun {
  float score =
      0;  // the smaller, the faster it trained; of one that did not, the smaller, the sooner it was lost
  float loss = 0;  // the mean of its last steps, a share of the first one; meaningless where it was lost
  std::uint32_t steps = 0;    // made; fewer than all: it was lost then
  std::uint32_t trained = 0;  // 1: it ended below where it began
};

// Of one pixel of an outcome of V. Trained: the mean of the last steps is below the first loss.
template <typename V, typename T = typename Lanes<V>::Number>
FL_HD inline RateRun rate_run(T sum, T inverses, T tail, T made, int steps) {
  RateRun run;
  run.steps = static_cast<std::uint32_t>(made);
  const bool whole = run.steps == static_cast<std::uint32_t>(steps);
  run.trained = whole && tail < T(1) ? 1u : 0u;
  run.score = static_cast<float>(run.trained != 0 ? sum : inverses);
  run.loss = static_cast<float>(whole ? tail : T(0));
  return run;
}

// One pixel a thread.
template <typename T>
struct TrainPixel {
  RateExamples<T> task;
  const RatePair* rates;
  RateRun* runs;
  FL_HD void operator()(std::size_t i) const {
    const RateOutcome<T> o =
        train_with_rates(task, static_cast<T>(rates[i].first), static_cast<T>(rates[i].second));
    runs[i] = rate_run<T>(o.sum, o.inverses, o.tail, o.steps, task.steps);
  }
};

}  // namespace fl::kernels
