// Pictures averaged and cut out of their ground.

#include "engine/film/develop.h"

#include <random>

namespace fl {
namespace {

TEST(Develop, AveragesBlocks) {
  Picture large{4, 2, {}};
  for (int i = 0; i < 8; ++i)
    for (int c = 0; c < 4; ++c) large.rgba.push_back(static_cast<std::uint8_t>(10 * i + c));
  const Picture small = shrink(large, 2);
  EXPECT_EQ(small.width, 2u);
  EXPECT_EQ(small.height, 1u);
  // Of pixels 0, 1, 4, 5 and of 2, 3, 6, 7.
  EXPECT_EQ(small.rgba, (std::vector<std::uint8_t>{25, 26, 27, 28, 45, 46, 47, 48}));
  EXPECT_EQ(shrink(large, 1).rgba, large.rgba);
}

TEST(Develop, CutsOutWhatLiesOverAnyGround) {
  std::mt19937 random(7);
  std::uniform_int_distribution<int> byte(0, 255);
  Picture black{500, 1, {}}, white{500, 1, {}};
  std::vector<std::array<double, 4>> scene;
  const auto over = [](const std::array<double, 4>& pixel, int c, double ground) {
    return pixel[static_cast<std::size_t>(c)] * pixel[3] / 255 + ground * (1 - pixel[3] / 255);
  };
  for (int i = 0; i < 500; ++i) {
    const int alpha = i < 3 ? i * 127 : byte(random);
    scene.push_back({double(byte(random)), double(byte(random)), double(byte(random)), double(alpha)});
    for (Picture* picture : {&black, &white})
      for (int c = 0; c < 4; ++c)
        picture->rgba.push_back(c == 3 ? 255
                                       : static_cast<std::uint8_t>(std::lround(
                                             over(scene.back(), c, picture == &white ? 255 : 0))));
  }
  const Picture cut = cut_out(black, white);
  for (std::size_t i = 0; i < 500; ++i)
    for (const double ground : {0.0, 90.0, 255.0})
      for (int c = 0; c < 3; ++c) {
        const std::uint8_t* pixel = &cut.rgba[i * 4];
        const std::array<double, 4> found{double(pixel[0]), double(pixel[1]), double(pixel[2]),
                                          double(pixel[3])};
        EXPECT_NEAR(over(found, c, ground), over(scene[i], c, ground), 1.6) << i;
      }
}

}  // namespace
}  // namespace fl
