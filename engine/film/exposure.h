#pragma once
// Several pictures in one, averaged in linear light, as a film sums up what falls on it while its shutter is
// open (Haeberli and Akeley 1990, "The accumulation buffer").

#include <cstdint>
#include <vector>

#include "engine/film/picture.h"

namespace fl {

class Exposure {
 public:
  // What all weights may come to.
  static constexpr std::uint32_t kMostWeight = 256;

  // The pictures' alpha: of opaque ones it means nothing, and is 255 in what they become.
  explicit Exposure(PngAlpha alpha) : alpha_(alpha) {}

  // All of one size.
  void add(Picture picture, std::uint32_t weight = 1);
  // The average, and begins anew. One picture alone stays as it is; so does, to the byte, what is the same in
  // all of them. Precondition: one was added.
  Picture develop();

 private:
  void sum_up(const Picture& picture, std::uint32_t weight);

  PngAlpha alpha_;
  Picture first_{};  // where it is the only one so far
  std::uint32_t first_weight_ = 0, weight_ = 0;
  std::vector<std::uint32_t>
      sums_;  // linear light, 65535 for white, times alpha where there is any; and alpha
};

// One picture going over into another: `share` of it, 0 to 1, has come.
[[nodiscard]] Picture dissolved(const Picture& from, Picture to, double share, PngAlpha alpha);

}  // namespace fl
