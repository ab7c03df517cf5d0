#pragma once
// Places in one block of device memory, laid out before the block is there, so that it is allocated once.

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "trainer/compute/cuda/gaps.h"

namespace fl::cuda {

struct Place {
  std::string name;                  // in messages of the tests
  std::size_t begin = 0, bytes = 0;  // `begin`: in bytes, from where the block begins
};

class Places {
 public:
  // Each place begins at a multiple of `alignment` bytes; 256 is a cache line and what the libraries like
  // best.
  explicit Places(std::size_t alignment = 256) : alignment_(alignment) {}

  // Where a place for `count` values of type T begins, in values.
  template <typename T>
  std::size_t add(std::string name, std::size_t count) {
    const std::size_t begin = (end_ + gap_bytes() + alignment_ - 1) / alignment_ * alignment_;
    end_ = begin + count * sizeof(T);
    places_.push_back({std::move(name), begin, end_ - begin});
    return begin / sizeof(T);
  }
  // Of the block that holds all places.
  [[nodiscard]] std::size_t bytes() const { return end_ + gap_bytes(); }

  // From here on in `stream`, these are the places of the block: what lies between them is nobody's.
  void watch(const Stream& stream, DevicePtr<const void> block) const { watch_gaps(stream, block, places_); }

 private:
  std::size_t alignment_, end_ = 0;
  std::vector<Place> places_;
};

}  // namespace fl::cuda
