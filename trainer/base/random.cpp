#include "trainer/base/random.h"

#include <cmath>
#include <numbers>

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
  const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));  // 1 - u is never 0
  const double angle = 2.0 * std::numbers::pi * uniform();
  spare_ = radius * std::sin(angle);
  has_spare_ = true;
  return radius * std::cos(angle);
}

}  // namespace fl
