#include "engine/film/side_by_side.h"

#include <algorithm>

#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr std::uint32_t kLinesInHeight = 360;

}  // namespace

SideBySide side_by_side(std::uint32_t width, std::uint32_t height) {
  std::uint32_t line = std::max(1u, height / kLinesInHeight);
  if (width <= line + 1) return {.column = 0, .line = line};
  line += (width - line) % 2;
  return {.column = (width - line) / 2, .line = line};
}

Picture joined(const Picture& left, const Picture& right, std::uint32_t line,
               std::array<std::uint8_t, 3> color) {
  FL_CHECK(left.width == right.width && left.height == right.height);
  Picture both{.width = 2 * left.width + line, .height = left.height, .rgba = {}};
  both.rgba.reserve(std::size_t{both.width} * both.height * 4);
  const auto row_bytes = static_cast<std::ptrdiff_t>(left.width) * 4;
  for (std::uint32_t row = 0; row < both.height; ++row) {
    const auto from = static_cast<std::ptrdiff_t>(row) * row_bytes;
    both.rgba.insert(both.rgba.end(), left.rgba.begin() + from, left.rgba.begin() + from + row_bytes);
    for (std::uint32_t i = 0; i < line; ++i)
      both.rgba.insert(both.rgba.end(), {color[0], color[1], color[2], 255});
    both.rgba.insert(both.rgba.end(), right.rgba.begin() + from, right.rgba.begin() + from + row_bytes);
  }
  return both;
}

}  // namespace fl
