#pragma once
// Augmentation of one image: an affine map that says which point of the image each pixel of the changed one
// shows, and bilinear sampling there. Outside the image its edge pixels continue: behind standardisation the
// background is not 0, and a frame of zeros would be something to learn.

#include <cmath>
#include <cstdint>
#include <numbers>

#include "trainer/base/host_device.h"
#include "trainer/base/philox.h"
#include "trainer/compute/augment_spec.h"

namespace fl::kernels {

// The pixel (x, y) of the changed image shows the point (xx x + xy y + x0, yx x + yy y + y0) of the image, in
// pixels, whole numbers at their centres, y downwards.
template <typename T>
struct AffineMap {
  T xx, xy, x0;
  T yx, yy, y0;
};

// Flips, then turns counter-clockwise about the image's centre, then shifts by pixels to the right and down.
template <typename T>
FL_HD inline AffineMap<T> affine_map(bool flip, T radians, T shift_x, T shift_y, int width, int height) {
  const T centre_x = static_cast<T>(width - 1) / 2, centre_y = static_cast<T>(height - 1) / 2;
  const T cosine = std::cos(radians), sine = std::sin(radians);
  const T side = flip ? T(-1) : T(1);
  AffineMap<T> map{side * cosine, -side * sine, 0, sine, cosine, 0};
  map.x0 = centre_x - map.xx * (centre_x + shift_x) - map.xy * (centre_y + shift_y);
  map.y0 = centre_y - map.yx * (centre_x + shift_x) - map.yy * (centre_y + shift_y);
  return map;
}

// The map of image `image` of a batch in the training's update `update`: a pure function of these and the
// seed, one Philox block, so that every device, thread and resumed training draws the same.
template <typename T>
FL_HD inline AffineMap<T> draw_affine_map(const AugmentSpec& spec, std::uint64_t seed, std::uint64_t update,
                                          std::uint32_t image, int width, int height) {
  const PhiloxWords drawn = stream_block(seed, StreamId::kAugment, image, update);
  const bool flip = spec.flip && (drawn.word[0] & 1u) != 0;
  // Uniform in [-1, 1).
  const T turn = 2 * unit_uniform<T>(drawn.word[1]) - 1;
  const T right = 2 * unit_uniform<T>(drawn.word[2]) - 1;
  const T down = 2 * unit_uniform<T>(drawn.word[3]) - 1;
  const T radians = turn * static_cast<T>(spec.rotate * std::numbers::pi / 180);
  const T shift = static_cast<T>(spec.shift);
  return affine_map(flip, radians, right * shift * static_cast<T>(width),
                    down * shift * static_cast<T>(height), width, height);
}

// Where a coordinate falls between two pixels of a side, the nearest ones from outside.
template <typename T>
struct Between {
  int low, high;
  T share;  // of `high`
};

template <typename T>
FL_HD inline Between<T> between(T coordinate, int side) {
  const T last = static_cast<T>(side - 1);
  const T inside = coordinate < 0 ? T(0) : coordinate > last ? last : coordinate;
  const int low = static_cast<int>(inside);
  return {low, low + 1 < side ? low + 1 : low, inside - static_cast<T>(low)};
}

// Pixel (x, y) of every changed channel: `image` and `out` are [channels][height][width].
template <typename T>
FL_HD inline void augment_pixel(const AffineMap<T>& map, const T* image, int channels, int width, int height,
                                int x, int y, T* out) {
  const Between<T> column = between(map.xx * static_cast<T>(x) + map.xy * static_cast<T>(y) + map.x0, width);
  const Between<T> row = between(map.yx * static_cast<T>(x) + map.yy * static_cast<T>(y) + map.y0, height);
  for (int c = 0; c < channels; ++c) {
    const T* upper = image + (c * height + row.low) * width;
    const T* lower = image + (c * height + row.high) * width;
    // From the lower pixel by a share of the difference: a share of 0 is that pixel to the last bit.
    const T above = upper[column.low] + column.share * (upper[column.high] - upper[column.low]);
    const T below = lower[column.low] + column.share * (lower[column.high] - lower[column.low]);
    out[(c * height + y) * width + x] = above + row.share * (below - above);
  }
}

}  // namespace fl::kernels
