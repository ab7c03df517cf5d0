#pragma once
// Two pictures of one size in one, with a line between them.

#include <array>
#include <cstdint>

#include "engine/film/picture.h"

namespace fl {

// Of a picture so many pixels wide: two equal columns and the line between them, left to right.
struct SideBySide {
  std::uint32_t column = 0;  // pixels of each; 0 where the picture is too narrow for two
  std::uint32_t line =
      0;  // pixels, 1 or more: as thick as the height asks, and one more where that is uneven
};
[[nodiscard]] SideBySide side_by_side(std::uint32_t width, std::uint32_t height);

// `color`: of the line, sRGB. Precondition: both are of one size, and as wide as a column.
[[nodiscard]] Picture joined(const Picture& left, const Picture& right, std::uint32_t line,
                             std::array<std::uint8_t, 3> color);

}  // namespace fl
