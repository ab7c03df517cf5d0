#pragma once
// What the backbone learns from: pictures of varied phantoms with their truth, drawn as they are needed.

#include <cstdint>
#include <stop_token>
#include <vector>

#include "trainer/data/varied/varied_head.h"

namespace fl {

// Pictures that are made of one head: each with its own window, colours and artefacts.
inline constexpr int kPicturesOfHead = 2;

struct Examples {
  std::vector<float> pixels;   // [image][3][112][112], as phantom_network() reads them
  std::vector<float> targets;  // [image][phantom_network().classes]
  std::vector<float> blood;    // [image]: 1 where there is any
};

// Of the pictures that a training with `seed` is judged on: it draws none of them to learn from.
constexpr std::uint64_t held_out_seed(std::uint64_t seed) {
  return seed ^ 0x9E3779B97F4A7C15u;
}

// The targets of a picture of a head. `out`: as long as one image's.
void write_targets(const VariedHead& head, bool mirrored, std::span<float> out);

// Pictures [first, first + count) of a seed, on `threads` threads of low priority: the same arguments give
// the same bytes. Where `stop` is requested meanwhile, they are not complete. Precondition: both are
// multiples of kPicturesOfHead.
Examples make_examples(std::uint64_t seed, std::uint32_t first, std::size_t count, int threads,
                       const std::stop_token& stop = {});

}  // namespace fl
