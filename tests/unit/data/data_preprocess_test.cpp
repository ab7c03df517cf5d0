#include <numeric>

#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/data/preprocess.h"

namespace fl {
namespace {

std::vector<float> run(const Bitmap& image, int size, int channels = 1) {
  const ImageShape shape{channels, size, size};
  std::vector<float> out(shape.floats());
  preprocess(image, shape, out);
  return out;
}

double mean(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

float grey(double value) {
  return static_cast<float>(value / 127.5 - 1.0);
}

TEST(Preprocess, ConstantImagesStayConstant) {
  for (const int value : {0, 1, 77, 255})
    for (const int side : {5, 64, 97, 224})
      for (const int size : {13, 64}) {
        const Bitmap image{side, side, 1,
                           std::vector<std::uint8_t>(static_cast<std::size_t>(side * side),
                                                     static_cast<std::uint8_t>(value))};
        for (const float v : run(image, size)) ASSERT_NEAR(v, grey(value), 1e-6) << side << " to " << size;
      }
}

TEST(Preprocess, TheSameSizeChangesNothing) {
  const Bitmap image = test::test_picture(32, 1, 4);
  const auto out = run(image, 32);
  for (std::size_t i = 0; i < out.size(); ++i) ASSERT_EQ(out[i], grey(image.pixels[i]));
}

TEST(Preprocess, WholeRatiosAverageBlocks) {
  const Bitmap image = test::test_picture(48, 1, 9);
  const auto out = run(image, 16);
  for (std::size_t y = 0; y < 16; ++y)
    for (std::size_t x = 0; x < 16; ++x) {
      int sum = 0;
      for (std::size_t dy = 0; dy < 3; ++dy)
        for (std::size_t dx = 0; dx < 3; ++dx) sum += image.pixels[(3 * y + dy) * 48 + 3 * x + dx];
      ASSERT_NEAR(out[y * 16 + x], grey(sum / 9.0), 1e-6);
    }
}

TEST(Preprocess, ShrinkingPreservesTheMean) {
  const Bitmap image = test::test_picture(100, 1, 5);
  const double before = std::accumulate(image.pixels.begin(), image.pixels.end(), 0.0) / 10000.0;
  for (const int size : {64, 33, 7}) EXPECT_NEAR(mean(run(image, size)), before / 127.5 - 1, 1e-5) << size;
}

// A fine checkerboard is what plain sampling turns into black, white or moire.
TEST(Preprocess, FinePatternsBecomeGrey) {
  Bitmap image{128, 128, 1, {}};
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x) image.pixels.push_back((x + y) % 2 == 0 ? 255 : 0);
  for (const float v : run(image, 60)) ASSERT_NEAR(v, 0.0f, 0.15f);
}

TEST(Preprocess, EnlargingInterpolatesBetweenPixelCentres) {
  const Bitmap image{2, 2, 1, {0, 255, 0, 255}};
  const auto out = run(image, 4);
  EXPECT_FLOAT_EQ(out[0], -1.0f);
  EXPECT_FLOAT_EQ(out[1], grey(255 * 0.25));
  EXPECT_FLOAT_EQ(out[2], grey(255 * 0.75));
  EXPECT_FLOAT_EQ(out[3], 1.0f);
}

TEST(Preprocess, TheCropIsTheMiddleSquare) {
  for (const bool wide : {false, true}) {
    Bitmap image{wide ? 30 : 10, wide ? 10 : 30, 1, {}};
    for (int y = 0; y < image.height; ++y)
      for (int x = 0; x < image.width; ++x) {
        const int along = wide ? x : y;
        image.pixels.push_back(along >= 10 && along < 20 ? 200 : 0);
      }
    for (const float v : run(image, 10)) ASSERT_EQ(v, grey(200));
  }
}

TEST(Preprocess, ColourIsPlanarAndLuminanceIsWeighted) {
  const Bitmap image{1, 1, 3, {255, 51, 0}};
  const auto colour = run(image, 8, 3);
  EXPECT_FLOAT_EQ(colour[0], 1.0f);
  EXPECT_FLOAT_EQ(colour[64], grey(51));
  EXPECT_FLOAT_EQ(colour[128], -1.0f);
  EXPECT_NEAR(run(image, 8, 1)[0], grey(0.299 * 255 + 0.587 * 51), 1e-6);
}

TEST(Preprocess, GreyFillsAllThreeChannels) {
  const Bitmap image = test::test_picture(20, 1, 6);
  const auto one = run(image, 10, 1), three = run(image, 10, 3);
  for (std::size_t i = 0; i < three.size(); ++i) ASSERT_EQ(three[i], one[i % one.size()]);
}

}  // namespace
}  // namespace fl
