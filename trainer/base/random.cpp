#include "trainer/base/random.h"

#include <algorithm>
#include <array>

#include "trainer/base/normal_pairs.h"
#include "trainer/base/wide.h"

namespace fl {
namespace {

// Blocks `first` to `first` + `count` of a stream, four words each.
FL_WIDE void whole_blocks(std::uint64_t seed, StreamId id, std::uint32_t index, std::uint64_t first,
                          std::size_t count, std::uint32_t* words) {
  for (std::size_t b = 0; b < count; ++b) {
    const PhiloxWords block = stream_block(seed, id, index, first + b);
    for (int w = 0; w < 4; ++w) words[4 * b + static_cast<std::size_t>(w)] = block.word[w];
  }
}

}  // namespace

std::uint32_t RandomStream::next_u32() {
  if (used_ == 4) {
    words_ = stream_block(seed_, id_, index_, block_);
    ++block_;
    used_ = 0;
  }
  return words_.word[used_++];
}

double RandomStream::uniform() {
  return unit_uniform<double>(next_u32());
}

std::uint32_t RandomStream::below(std::uint32_t bound) {
  // Reject the incomplete last interval (Lemire 2019 explains the bias this avoids).
  const std::uint32_t threshold = (0u - bound) % bound;
  for (;;) {
    const std::uint32_t value = next_u32();
    if (value >= threshold) return value % bound;
  }
}

double RandomStream::normal() {
  if (has_spare_) {
    has_spare_ = false;
    return spare_;
  }
  const double first = uniform();
  const NormalPair pair = normal_pair(first, uniform());
  spare_ = pair.second;
  has_spare_ = true;
  return pair.first;
}

void RandomStream::words(std::span<std::uint32_t> values) {
  std::size_t done = 0;
  while (used_ < 4 && done < values.size()) values[done++] = next_u32();
  const std::size_t blocks = (values.size() - done) / 4;
  whole_blocks(seed_, id_, index_, block_, blocks, values.data() + done);
  block_ += blocks;
  done += 4 * blocks;
  while (done < values.size()) values[done++] = next_u32();
}

void RandomStream::normals(std::span<float> values) {
  std::size_t done = 0;
  if (has_spare_ && !values.empty()) values[done++] = static_cast<float>(normal());
  NormalPairs pairs;
  std::array<std::uint32_t, 2 * NormalPairs::kMost> drawn;
  while (values.size() - done >= 2) {
    const std::size_t count = std::min(NormalPairs::kMost, (values.size() - done) / 2);
    words(std::span(drawn).first(2 * count));
    for (std::size_t i = 0; i < count; ++i) {
      pairs.radius[i] = drawn[2 * i] >> 8;
      pairs.angle[i] = drawn[2 * i + 1] >> 8;
    }
    pairs.transform(values.subspan(done, 2 * count));
    done += 2 * count;
  }
  if (done < values.size()) values[done] = static_cast<float>(normal());  // its other half is the next value
}

}  // namespace fl
