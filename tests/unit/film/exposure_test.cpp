// Pictures averaged in linear light: what stays the same stays to the byte, and grey is what light makes of
// it.

#include "engine/film/exposure.h"

#include <gtest/gtest.h>

#include "engine/app/commands/filming/shutter.h"

namespace fl {
namespace {

Picture all_bytes() {
  Picture picture{256, 256, {}};
  for (int alpha = 0; alpha < 256; ++alpha)
    for (int byte = 0; byte < 256; ++byte)
      for (const int one : {byte, 255 - byte, byte / 2, alpha})
        picture.rgba.push_back(static_cast<std::uint8_t>(one));
  return picture;
}

Picture pixel(int red, int green, int blue, int alpha) {
  return {1,
          1,
          {static_cast<std::uint8_t>(red), static_cast<std::uint8_t>(green), static_cast<std::uint8_t>(blue),
           static_cast<std::uint8_t>(alpha)}};
}

TEST(Exposure, OfOnePictureIsThatPicture) {
  for (const PngAlpha alpha : {PngAlpha::kOpaque, PngAlpha::kStraight}) {
    Exposure exposure(alpha);
    for (int again = 0; again < 2; ++again) {
      exposure.add(all_bytes());
      EXPECT_EQ(exposure.develop().rgba, all_bytes().rgba);
    }
  }
}

TEST(Exposure, OfTheSamePictureSeveralTimesIsThatPicture) {
  Picture opaque = all_bytes(), clear = all_bytes();
  for (std::size_t i = 0; i < opaque.rgba.size(); i += 4) {
    opaque.rgba[i + 3] = 255;
    for (std::size_t c = i; c < i + 3 && clear.rgba[i + 3] == 0; ++c) clear.rgba[c] = 0;
  }
  for (const std::uint32_t count : {2u, 3u, 7u, 64u, Exposure::kMostWeight}) {
    Exposure black_or_not(PngAlpha::kOpaque), straight(PngAlpha::kStraight);
    for (std::uint32_t i = 0; i < count; ++i) {
      black_or_not.add(all_bytes());
      straight.add(clear);
    }
    EXPECT_EQ(black_or_not.develop().rgba, opaque.rgba) << count;
    EXPECT_EQ(straight.develop().rgba, clear.rgba) << count;
  }
}

// Half the light of white is 188 in sRGB, not 128; and a colour counts as much as it covers.
TEST(Exposure, AveragesLight) {
  Exposure exposure(PngAlpha::kOpaque);
  exposure.add(pixel(255, 0, 0, 9));
  exposure.add(pixel(0, 0, 255, 200));
  EXPECT_EQ(exposure.develop().rgba, (std::vector<std::uint8_t>{188, 0, 188, 255}));
  Exposure straight(PngAlpha::kStraight);
  straight.add(pixel(200, 100, 50, 255), 3);
  straight.add(pixel(0, 0, 0, 0), 1);
  EXPECT_EQ(straight.develop().rgba, (std::vector<std::uint8_t>{200, 100, 50, 191}));
}

TEST(Exposure, OnePictureGoesOverIntoAnother) {
  const Picture white = pixel(255, 255, 255, 255), black = pixel(0, 0, 0, 255);
  int before = 256;
  for (const double share : {0.0, 0.2, 0.5, 0.8, 1.0}) {
    const int now = dissolved(white, black, share, PngAlpha::kOpaque).rgba[0];
    EXPECT_LT(now, before) << share;
    before = now;
  }
  EXPECT_EQ(before, 0);
  EXPECT_EQ(dissolved(white, black, 0, PngAlpha::kOpaque).rgba[0], 255);
  EXPECT_EQ(dissolved(white, black, 0.5, PngAlpha::kOpaque).rgba[0], 188);
}

TEST(Shutter, ItsLastExposureIsThePicturesOwnMoment) {
  FilmSpec film;
  EXPECT_EQ(Shutter(film, 0).exposures(), 1);
  EXPECT_EQ(Shutter(film, 0).moment(7, 0), 7.0);
  film.exposures = 4;
  film.shutter = 0.5;
  const Shutter shutter(film, 0);
  double before = 6.4;
  for (int i = 0; i < 4; ++i) {
    EXPECT_GT(shutter.moment(7, i), before);
    before = shutter.moment(7, i);
    EXPECT_EQ(shutter.moment(0, i), 0.0);
  }
  EXPECT_EQ(before, 7.0);
  EXPECT_EQ(Shutter(film, 9).exposures(), 9);
}

TEST(Shutter, SeesFromAllOverTheLens) {
  FilmSpec film;
  film.aperture = 0.1;
  EXPECT_EQ(Shutter(film, 0).lens(0), glm::vec2(0));  // one exposure is sharp
  for (const int count : {2, 8, 16, 64}) {
    const Shutter shutter(film, count);
    glm::vec2 middle{0};
    double farthest = 0;
    for (int i = 0; i < count; ++i) {
      const glm::vec2 at = shutter.lens(i);
      middle += at / static_cast<float>(count);
      farthest = std::max(farthest, std::hypot(double(at.x), double(at.y)));
    }
    EXPECT_LE(farthest, 0.1 + 1e-6);
    EXPECT_GT(farthest, 0.06);
    if (count < 8) continue;
    EXPECT_LT(std::hypot(double(middle.x), double(middle.y)), 0.03) << count;
  }
}

}  // namespace
}  // namespace fl
