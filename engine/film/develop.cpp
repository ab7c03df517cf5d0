#include "engine/film/develop.h"

#include <algorithm>

#include "trainer/base/check.h"

namespace fl {

Picture shrink(const Picture& picture, std::uint32_t factor) {
  FL_CHECK(factor > 0 && picture.width % factor == 0 && picture.height % factor == 0);
  if (factor == 1) return picture;
  Picture small{picture.width / factor, picture.height / factor, {}};
  small.rgba.resize(std::size_t{small.width} * small.height * 4);
  const std::uint32_t count = factor * factor;
  const std::size_t row_bytes = std::size_t{picture.width} * 4;
  std::uint8_t* to = small.rgba.data();
  for (std::uint32_t y = 0; y < small.height; ++y)
    for (std::uint32_t x = 0; x < small.width; ++x) {
      std::uint32_t sum[4] = {};
      const std::uint8_t* block = picture.rgba.data() + y * factor * row_bytes + std::size_t{x} * factor * 4;
      for (std::uint32_t row = 0; row < factor; ++row, block += row_bytes)
        for (std::uint32_t i = 0; i < factor * 4; ++i) sum[i % 4] += block[i];
      for (const std::uint32_t one : sum) *to++ = static_cast<std::uint8_t>((one + count / 2) / count);
    }
  return small;
}

Picture cut_out(const Picture& over_black, const Picture& over_white) {
  FL_CHECK(over_black.width == over_white.width && over_black.height == over_white.height);
  Picture cut{over_black.width, over_black.height, std::vector<std::uint8_t>(over_black.rgba.size())};
  for (std::size_t i = 0; i < cut.rgba.size(); i += 4) {
    // How much of the ground is seen, three times over.
    int seen = 0;
    for (std::size_t c = i; c < i + 3; ++c) seen += std::max(over_white.rgba[c] - over_black.rgba[c], 0);
    const int alpha = 255 - (seen + 1) / 3;
    for (std::size_t c = i; c < i + 3 && alpha > 0; ++c)
      cut.rgba[c] = static_cast<std::uint8_t>(std::min((over_black.rgba[c] * 255 + alpha / 2) / alpha, 255));
    cut.rgba[i + 3] = static_cast<std::uint8_t>(alpha);
  }
  return cut;
}

}  // namespace fl
