#include "trainer/base/random.h"

#include <algorithm>

#include "trainer/base/normal_pairs.h"

namespace fl {

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

void RandomStream::normals(std::span<float> values) {
  std::size_t done = 0;
  if (has_spare_ && !values.empty()) values[done++] = static_cast<float>(normal());
  NormalPairs pairs;
  while (values.size() - done >= 2) {
    const std::size_t count = std::min(NormalPairs::kMost, (values.size() - done) / 2);
    for (std::size_t i = 0; i < count; ++i) {
      pairs.radius[i] = next_u32() >> 8;
      pairs.angle[i] = next_u32() >> 8;
    }
    pairs.transform(values.subspan(done, 2 * count));
    done += 2 * count;
  }
  if (done < values.size()) values[done] = static_cast<float>(normal());  // its other half is the next value
}

}  // namespace fl
