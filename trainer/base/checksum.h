#pragma once
// A checksum that notices change, not malice: every step is a bijection of what came before, so that one changed word
// always changes it (after FNV-1a, taken a word at a time with a rotation).

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace fl {

inline std::uint64_t checksum(std::span<const std::byte> bytes, std::uint64_t start = 0xcbf29ce484222325) {
  constexpr std::uint64_t kPrime = 0x9e3779b97f4a7c15;  // odd: multiplying by it can be undone
  std::uint64_t sum = start ^ bytes.size();
  while (!bytes.empty()) {
    std::uint64_t word = 0;
    const std::size_t count = bytes.size() < sizeof word ? bytes.size() : sizeof word;
    std::memcpy(&word, bytes.data(), count);
    sum = std::rotl((sum ^ word) * kPrime, 29);
    bytes = bytes.subspan(count);
  }
  return sum;
}

}  // namespace fl
