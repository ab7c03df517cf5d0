// Which image sets are opened in colour, and what is said of images that show next to nothing.
#include <gtest/gtest.h>

#include "tests/unit/data/data_codecs.h"
#include "trainer/data/dataset.h"
#include "trainer/data/images/colour.h"
#include "trainer/data/images/image_remarks.h"

namespace fl {
namespace {

using test::Bytes;

constexpr int kSide = 224;

// Numbers around 0, -1 to 1, the same each time.
class Noise {
 public:
  double next() {
    double sum = -2;
    for (int i = 0; i < 4; ++i) sum += static_cast<double>((state_ = state_ * 1664525 + 1013904223) >> 8) / (1 << 24);
    return sum;
  }

 private:
  std::uint32_t state_ = 7;
};

// What `colour` makes of a slice's grey: a bright ring, texture inside it, black around it.
Bitmap slice(const std::function<std::array<double, 3>(double grey, int x, int y)>& colour) {
  Bitmap image{kSide, kSide, 3, {}};
  Noise noise;
  for (int y = 0; y < kSide; ++y)
    for (int x = 0; x < kSide; ++x) {
      const double radius = std::hypot(x - kSide / 2, y - kSide / 2);
      const double grey = radius > 95 ? 4 : radius > 85 ? 250 : 110 + 30 * noise.next() + 20 * std::sin(x * 0.3);
      for (const double sample : colour(grey, x, y))
        image.pixels.push_back(static_cast<std::uint8_t>(std::clamp(sample, 0.0, 255.0)));
    }
  return image;
}

Bitmap grey_slice() {
  return slice([](double grey, int, int) { return std::array{grey, grey, grey}; });
}

Bytes encoded(const Bitmap& image, int quality, bool subsampled) {
  return test::jpeg_with(image, [&](jpeg_compress_struct& info) {
    jpeg_set_quality(&info, quality, TRUE);
    for (int c = 0; c < 3; ++c) info.comp_info[c].h_samp_factor = info.comp_info[c].v_samp_factor = 1;
    if (subsampled) info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 2;
  });
}

Bitmap through_jpeg(const Bitmap& image, int quality, bool subsampled = true) {
  return *decode_image(encoded(image, quality, subsampled), "image");
}

TEST(Colour, GreySlicesStayGreyHoweverTheyWereCompressed) {
  EXPECT_FALSE(is_coloured(test::test_picture(64, 1, 1)));
  EXPECT_FALSE(is_coloured(grey_slice()));
  for (const int quality : {5, 10, 30, 75, 95})
    for (const bool subsampled : {false, true}) {
      Bitmap image = grey_slice();
      for (int again = 0; again < 3; ++again) image = through_jpeg(image, quality, subsampled);
      EXPECT_FALSE(is_coloured(image)) << quality;
    }
  EXPECT_FALSE(is_coloured(*decode_image(test::webp_of(grey_slice(), false), "image")));
}

TEST(Colour, NoiseAndRoundingAreNoColour) {
  Noise noise;
  const Bitmap noisy = slice([&](double grey, int, int) {
    return std::array{grey + 15 * noise.next(), grey + 15 * noise.next(), grey + 15 * noise.next()};
  });
  const Bitmap rounded = slice([](double grey, int x, int) {
    return std::array{grey + (x < 100 ? 2 : -1), grey, grey - (x < 100 ? 1 : -2)};
  });
  for (const Bitmap& image : {noisy, rounded}) {
    EXPECT_FALSE(is_coloured(image));
    for (const int quality : {10, 40, 90}) EXPECT_FALSE(is_coloured(through_jpeg(image, quality))) << quality;
  }
}

TEST(Colour, ASmallPaintedMarkIsColour) {
  const auto marked = [](int size, double strength) {
    return slice([=](double grey, int x, int y) {
      const bool inside = x >= 121 && x < 121 + size && y >= 118 && y < 118 + size;
      const double s = inside ? strength : 0;
      return std::array{grey + s * (255 - grey), grey * (1 - s), grey * (1 - s)};
    });
  };
  EXPECT_TRUE(is_coloured(marked(5, 0.3)));  // the palest that is painted
  EXPECT_TRUE(is_coloured(marked(3, 1)));
  for (const int quality : {30, 75, 95}) EXPECT_TRUE(is_coloured(through_jpeg(marked(8, 0.6), quality))) << quality;
}

TEST(Colour, ADimRoomIsColour) {
  Noise noise;
  Bitmap room{320, 240, 3, {}};
  for (int y = 0; y < 240; ++y)
    for (int x = 0; x < 320; ++x) {
      const double light = 18 + 20.0 * x / 320;  // a warm lamp on a wall, from one side
      for (const double tint : {1.15, 1.0, 0.8})
        room.pixels.push_back(static_cast<std::uint8_t>(std::max(0.0, tint * light + 4 * noise.next())));
    }
  EXPECT_TRUE(is_coloured(room));
  EXPECT_TRUE(is_coloured(through_jpeg(room, 80)));
}

TEST(Colour, WhatIsCutOffDoesNotCount) {
  Bitmap wide{400, 100, 3, std::vector<std::uint8_t>(400 * 100 * 3, 90)};
  for (std::size_t y = 0; y < 100; ++y)
    for (std::size_t x = 0; x < 60; ++x) wide.pixels[(y * 400 + x) * 3] = 255;
  EXPECT_FALSE(is_coloured(wide));
}

// Class folders a and b, ten grey images each as JPEGs in colour, and what `change` does to them.
template <typename Change>
Result<Dataset> load(const Change& change, DataSpec spec = {.source = "set", .image_size = 16}) {
  const test::TempFolder folder;
  for (const char* name : {"a", "b"})
    for (int i = 0; i < 10; ++i)
      test::spill(folder / "set" / name / fmt::format("{}.jpg", i), encoded(grey_slice(), 75, true));
  change(folder / "set");
  return load_dataset(spec, folder.path(), 1);
}

Bitmap red_slice() {
  return slice([](double grey, int, int) { return std::array{grey, grey / 2, grey / 2}; });
}

TEST(ColourOfSets, OneColouredImageAnywhereMakesItColour) {
  for (const char* name : {"a/0.jpg", "a/7.jpg", "b/9.jpg"}) {
    const auto data = load([&](const auto& set) { test::spill(set / name, test::jpeg_of(red_slice())); });
    ASSERT_TRUE(data.ok()) << data.error().message;
    EXPECT_EQ(data->shape.channels, 3) << name;
    EXPECT_EQ(data->size(), 20u);
    EXPECT_SAYS(data->colour, fmt::format("colour: kept, because {} is coloured", name));
  }
}

TEST(ColourOfSets, AutomaticEqualsTheNumberItComesTo) {
  const auto red_in_b = [](const auto& set) { test::spill(set / "b/5.jpg", test::jpeg_of(red_slice())); };
  const auto nothing = [](const auto&) {};
  test::LogCapture log;
  EXPECT_EQ(load(red_in_b)->pixels, load(red_in_b, {.source = "set", .image_size = 16, .channels = 3})->pixels);
  const auto automatic = load(nothing), grey = load(nothing, {.source = "set", .image_size = 16, .channels = 1});
  EXPECT_EQ(automatic->pixels, grey->pixels);
  EXPECT_EQ(automatic->colour, "colour: none in these images, so they are read as grey");
  EXPECT_EQ(grey->colour, "colour: images are read as grey, as data.channels = 1 says");
}

TEST(ColourOfSets, BrokenImagesAreNamedOnceAlthoughColourComesLate) {
  test::LogCapture log;
  const auto data = load([](const auto& set) {
    test::spill(set / "a/3.jpg", test::bytes_of("no image"));
    test::spill(set / "b/9.jpg", test::jpeg_of(red_slice()));
  });
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(data->shape.channels, 3);
  EXPECT_EQ(data->skipped, 1);
  EXPECT_EQ(log.count("Left out: a/3.jpg is a text file"), 1);
}

TEST(ColourOfSets, ItIsSaidAlsoWhereSmallClassesAreLeftOut) {
  test::LogCapture log;
  const auto data = load(
      [](const auto& set) {
        test::spill(set / "b/9.jpg", test::jpeg_of(red_slice()));
        test::spill(set / "c/only.jpg", encoded(grey_slice(), 75, true));
      },
      {.source = "set", .image_size = 16, .leave_out_small_classes = true});
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(data->classes.size(), 2u);
  EXPECT_EQ(data->shape.channels, 3);
  EXPECT_SAYS(data->colour, "colour: kept, because b/9.jpg is coloured");
}

TEST(ColourOfSets, PhantomsAreGreyUnlessARangeIsPainted) {
  EXPECT_EQ(load_dataset({.image_size = 16, .phantom_counts = {2, 2}}, {}, 1)->shape.channels, 1);
  EXPECT_EQ(load_dataset({.image_size = 16, .colour_range = HuRange{50, 90}, .phantom_counts = {2, 2}}, {}, 1)->shape.channels, 3);
}

TEST(ColourOfSets, TheRealProjectsOpenAsTheyAre) {
  if (test::real_data_folder().empty()) GTEST_SKIP() << "no test data here";
  EXPECT_EQ(load_dataset({.source = "exp_5.tm"}, test::real_data_folder(), 1)->shape.channels, 3);
  EXPECT_EQ(load_dataset({.source = "exp_1.tm"}, test::real_data_folder(), 1)->shape.channels, 1);
}

TEST(Remarks, ImagesThatShowNextToNothingAreCountedOnce) {
  test::LogCapture log;
  const auto data = load([](const auto& set) {
    for (int i = 0; i < 4; ++i) {
      Bitmap dark = test::test_picture(32, 1, 1);
      for (auto& grey : dark.pixels) grey = static_cast<std::uint8_t>(grey / 16);
      test::spill(set / "a" / fmt::format("dark{}.png", i), test::png_of(dark));
    }
    test::spill(set / "b/flat.png", test::png_of({8, 8, 1, std::vector<std::uint8_t>(64, 255)}));
  });
  ASSERT_TRUE(data.ok());
  EXPECT_EQ(log.count("4 images (the first is a/dark0.png) use less than a tenth of the range"), 1);
  EXPECT_EQ(log.count("The image b/flat.png has a single colour throughout"), 1);
  EXPECT_EQ(data->size(), 25u);
}

}  // namespace
}  // namespace fl
