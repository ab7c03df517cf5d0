#pragma once
// The bare generator behind every random choice: the counter-based Philox4x32-10 (Salmon et al. 2011,
// "Parallel random numbers: as easy as 1, 2, 3"), for host and device. Each value is a pure function of what
// names it, so that any thread of any device can draw it by itself: an image's augmentation of its update, an
// element of a dropout mask of its layer.

#include <cstdint>

#include "trainer/base/host_device.h"

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
  kVaried = 9,
  kPicture = 10,
};

// A plain array, because std::array's functions are the host's alone.
struct PhiloxWords {
  std::uint32_t word[4] = {};
  bool operator==(const PhiloxWords&) const = default;
};

// Four 32-bit words from a 128-bit counter and a 64-bit key, low word first.
FL_HD inline PhiloxWords philox4x32(PhiloxWords counter, std::uint64_t key) {
  auto key0 = static_cast<std::uint32_t>(key), key1 = static_cast<std::uint32_t>(key >> 32);
  std::uint32_t* c = counter.word;
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * c[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * c[2];
    c[0] = static_cast<std::uint32_t>(p1 >> 32) ^ c[1] ^ key0;
    c[1] = static_cast<std::uint32_t>(p1);
    c[2] = static_cast<std::uint32_t>(p0 >> 32) ^ c[3] ^ key1;
    c[3] = static_cast<std::uint32_t>(p0);
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

// Words 4 `block` to 4 `block` + 3 of a stream: what RandomStream (random.h) hands out one by one.
FL_HD inline PhiloxWords stream_block(std::uint64_t seed, StreamId id, std::uint32_t index,
                                      std::uint64_t block) {
  return philox4x32({{static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32),
                      static_cast<std::uint32_t>(id), index}},
                    seed);
}

// Uniform in [0, 1), 24 bits: exact in float, so float and double code see the same value.
template <typename T>
FL_HD inline T unit_uniform(std::uint32_t word) {
  return static_cast<T>(word >> 8) * static_cast<T>(0x1p-24);
}

}  // namespace fl
