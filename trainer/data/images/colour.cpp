#include "trainer/data/images/colour.h"

#include <algorithm>
#include <array>

namespace fl {
namespace {

// A mean over a square counts as coloured where its red, green and blue lie further apart than `levels`.
struct Rule {
  int side;      // of a square, pixels
  int levels;    // of 255
  double share;  // of all squares must be coloured
};
// A mark of 2 x 3 pixels in the palest red that is painted (window.h) passes the first rule. Noise of 10 levels in
// every pixel has means within 4 levels in the second's squares, of which colour profiles and JPEG's rounding leave 3.
constexpr Rule kMark{.side = 4, .levels = 24, .share = 0};
constexpr Rule kTint{.side = 16, .levels = 6, .share = 0.02};

bool satisfies(const Bitmap& image, const Rule& rule) {
  const auto width = static_cast<std::size_t>(image.width), height = static_cast<std::size_t>(image.height),
             seen = std::min(width, height), side = static_cast<std::size_t>(rule.side);
  const std::size_t left = (width - seen) / 2, top = (height - seen) / 2;
  std::size_t coloured = 0, squares = 0;
  for (std::size_t y0 = 0; y0 < seen; y0 += side)
    for (std::size_t x0 = 0; x0 < seen; x0 += side) {
      const std::size_t y1 = std::min(y0 + side, seen), x1 = std::min(x0 + side, seen);
      std::array<int, 3> sum{};
      for (std::size_t y = y0; y < y1; ++y) {
        const std::uint8_t* pixel = image.pixels.data() + ((top + y) * width + left + x0) * 3;
        for (std::size_t x = x0; x < x1; ++x, pixel += 3)
          for (std::size_t c = 0; c < 3; ++c) sum[c] += pixel[c];
      }
      const auto [low, high] = std::minmax_element(sum.begin(), sum.end());
      coloured += *high - *low > rule.levels * static_cast<int>((y1 - y0) * (x1 - x0));
      ++squares;
    }
  return static_cast<double>(coloured) > rule.share * static_cast<double>(squares);
}

}  // namespace

bool is_coloured(const Bitmap& image) {
  return image.channels == 3 && (satisfies(image, kMark) || satisfies(image, kTint));
}

}  // namespace fl
