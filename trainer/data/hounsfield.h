#pragma once
// The Hounsfield units that images were made of, kept beside them, so that another window or another red
// range can be looked at, and trained on, without making the images again.
//
// They are what the source gave, at its size and without rounding. A window clips and rounds every pixel
// before images are shrunk, so units that were shrunk or rounded themselves would lead to other bytes.

#include <cstddef>
#include <span>
#include <vector>

#include "trainer/data/window.h"

namespace fl {

struct DataSpec;

// The most that a data set keeps of them: what is more is not kept at all. 8,192 phantoms of image size 64.
inline constexpr std::size_t kMostHounsfieldBytes = std::size_t{512} << 20;

struct Hounsfield {
  int side = 0;               // of every slice, in pixels
  std::vector<float> values;  // [image][y][x]

  [[nodiscard]] std::size_t area() const {
    return static_cast<std::size_t>(side) * static_cast<std::size_t>(side);
  }
  [[nodiscard]] HuView slice(std::size_t image) const {
    return {side, std::span(values).subspan(image * area(), area())};
  }
  [[nodiscard]] std::span<float> slice(std::size_t image) {
    return std::span(values).subspan(image * area(), area());
  }
};

// A slice as the window of `spec` shows it, with its colour range painted red where it has one.
Bitmap picture_of(const HuView& slice, const DataSpec& spec);

// The pixels that load_dataset makes of a slice with `spec`, before standardisation. Preconditions: the
// channels of `spec` are decided, 3 with a colour range; out.size() is that of an image of it.
void hounsfield_input(const HuView& slice, const DataSpec& spec, std::span<float> out);

}  // namespace fl
