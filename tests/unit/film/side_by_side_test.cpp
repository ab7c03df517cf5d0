#include "engine/film/side_by_side.h"

#include <gtest/gtest.h>

namespace fl {
namespace {

TEST(SideBySide, FillsEveryWidthWithTwoEqualColumns) {
  for (const std::uint32_t height : {1u, 240u, 720u, 2160u})
    for (std::uint32_t width = 16; width <= 4000; ++width) {
      const SideBySide place = side_by_side(width, height);
      ASSERT_EQ(2 * place.column + place.line, width) << height;
      ASSERT_GE(place.line, 1u);
      ASSERT_LE(place.line, height / 360 + 2);
    }
}

TEST(SideBySide, SaysWhereTwoFindNoRoom) {
  EXPECT_EQ(side_by_side(2, 720).column, 0u);
  EXPECT_EQ(side_by_side(1, 1).column, 0u);
  EXPECT_EQ(side_by_side(3, 1).column, 1u);
}

TEST(SideBySide, JoinsRowForRow) {
  const Picture left{1, 2, {1, 2, 3, 255, 4, 5, 6, 255}}, right{1, 2, {7, 8, 9, 255, 10, 11, 12, 255}};
  const Picture both = joined(left, right, 1, {50, 60, 70});
  EXPECT_EQ(both.width, 3u);
  EXPECT_EQ(both.height, 2u);
  EXPECT_EQ(both.rgba, (std::vector<std::uint8_t>{1, 2, 3, 255, 50, 60, 70, 255, 7,  8,  9,  255,  //
                                                  4, 5, 6, 255, 50, 60, 70, 255, 10, 11, 12, 255}));
}

}  // namespace
}  // namespace fl
