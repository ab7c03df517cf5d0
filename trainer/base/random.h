#pragma once
// Seeded random streams. Every random choice has its own stream, so that asking one question more (say,
// another landscape direction) changes no other answer. Value number i of a stream is a pure function of
// (seed, stream, i), on any machine and on any thread of a GPU (philox.h). Distributions are our own because
// the standard library's differ between implementations.

#include <cstdint>
#include <span>
#include <utility>

#include "trainer/base/philox.h"

namespace fl {

class RandomStream {
 public:
  // `index` separates many streams of one kind: the phantom's number, the epoch's, the tensor's.
  RandomStream(std::uint64_t seed, StreamId id, std::uint32_t index = 0)
      : seed_(seed), id_(id), index_(index) {}

  std::uint32_t next_u32();
  // Uniform in [0, 1), 24 bits: exact in float, so float and double code see the same value.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  // Uniform integer in [0, bound), without modulo bias. Precondition: bound > 0.
  std::uint32_t below(std::uint32_t bound);
  // Standard normal (Box and Muller 1958).
  double normal();
  double normal(double mean, double sigma) { return mean + sigma * normal(); }
  // The same as calls of next_u32() one by one.
  void words(std::span<std::uint32_t> values);
  // The same as calls of normal() one by one, each rounded to float.
  void normals(std::span<float> values);

 private:
  std::uint64_t seed_;
  StreamId id_;
  std::uint32_t index_;
  std::uint64_t block_ = 0;
  PhiloxWords words_;
  int used_ = 4;
  double spare_ = 0;
  bool has_spare_ = false;
};

// Fisher-Yates.
template <typename T>
void shuffle(std::span<T> values, RandomStream& random) {
  for (std::size_t i = values.size(); i > 1; --i)
    std::swap(values[i - 1], values[random.below(static_cast<std::uint32_t>(i))]);
}

}  // namespace fl
