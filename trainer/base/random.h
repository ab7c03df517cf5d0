#pragma once
// Seeded random streams. Every random choice has its own stream, so that asking one question more (say,
// another landscape direction) changes no other answer. The generator is the counter-based Philox4x32-10
// (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): value number i of a stream is a
// pure function of (seed, stream, i), on any machine and, later, on any thread of a GPU. Distributions
// are our own because the standard library's differ between implementations.

#include <array>
#include <cstdint>
#include <span>
#include <utility>

namespace fl {

// What a stream is for. The numbers are part of what a seed means: never renumber, only append.
enum class StreamId : std::uint32_t {
  kSplit = 1,
  kInit = 2,
  kOrder = 3,
  kAugment = 4,
  kDropout = 5,
  kLandscape = 6,
  kPhantom = 7,
  kTest = 8,
};

// Philox4x32-10: four 32-bit words from a 128-bit counter and a 64-bit key.
std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key);

class RandomStream {
 public:
  // `index` separates many streams of one kind: the phantom's number, the epoch's, the tensor's.
  RandomStream(std::uint64_t seed, StreamId id, std::uint32_t index = 0)
      : key_{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)},
        stream_(static_cast<std::uint32_t>(id)),
        index_(index) {}

  std::uint32_t next_u32();
  // Uniform in [0, 1), 24 bits: exact in float, so float and double code see the same value.
  double uniform();
  double uniform(double low, double high) { return low + (high - low) * uniform(); }
  // Uniform integer in [0, bound), without modulo bias. Precondition: bound > 0.
  std::uint32_t below(std::uint32_t bound);
  // Standard normal (Box and Muller 1958).
  double normal();
  double normal(double mean, double sigma) { return mean + sigma * normal(); }

 private:
  std::array<std::uint32_t, 2> key_;
  std::uint32_t stream_;
  std::uint32_t index_;
  std::uint64_t block_ = 0;
  std::array<std::uint32_t, 4> words_{};
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
