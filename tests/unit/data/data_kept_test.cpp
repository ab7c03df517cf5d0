// What a data set keeps beside the network's pixels: thumbnails and Hounsfield units, only where they are
// asked for, and never at the price of other pixels.

#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "tests/unit/data/data_codecs.h"
#include "tests/unit/data/data_support.h"
#include "trainer/data/dataset.h"

namespace fl {
namespace {

const LoadOptions kAll{.thumbnails = true, .hounsfield = true};

// Left half red, right half blue.
Bitmap halves(int width, int height) {
  Bitmap image{width, height, 3, {}};
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const std::array<std::uint8_t, 3> colour =
          x < width / 2 ? std::array<std::uint8_t, 3>{200, 10, 20} : std::array<std::uint8_t, 3>{30, 40, 250};
      image.pixels.insert(image.pixels.end(), colour.begin(), colour.end());
    }
  return image;
}

std::array<int, 3> colour_at(const Thumbnail& picture, int x, int y) {
  const auto at = static_cast<std::size_t>(3 * (y * picture.width + x));
  return {picture.pixels[at], picture.pixels[at + 1], picture.pixels[at + 2]};
}

TEST(ThumbnailsOfImages, KeepTheirShapeAndColours) {
  Thumbnails all;
  all.reserve(4);
  const std::array<std::array<int, 4>, 4> cases{{{96, 32, 48, 16},
                                                 {32, 96, 16, 48},
                                                 {20, 12, 20, 12},
                                                 {4000, 3, 48, 1}}};  // width, height: before and after
  for (const auto& [width, height, small_width, small_height] : cases) {
    all.add_blank();
    all.fill(all.size() - 1, halves(width, height));
    const Thumbnail made = all[all.size() - 1];
    EXPECT_EQ(made.width, small_width);
    EXPECT_EQ(made.height, small_height);
    EXPECT_EQ(colour_at(made, 0, small_height - 1), (std::array{200, 10, 20}));
    EXPECT_EQ(colour_at(made, small_width - 1, 0), (std::array{30, 40, 250}));
  }
}

TEST(ThumbnailsOfImages, AreAreaAveragesAndGreyIsGrey) {
  Bitmap image{96, 96, 1, std::vector<std::uint8_t>(96 * 96)};
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = i % 2 == 0 ? 100 : 201;
  Thumbnails all;
  all.add_blank();
  all.fill(0, image);
  EXPECT_EQ(colour_at(all[0], 17, 5), (std::array{151, 151, 151}));  // 150.5
}

TEST(ThumbnailsOfImages, AreUprightAndNotCropped) {
  const test::TempFolder folder;
  const Bitmap wide = halves(64, 32);
  for (const char* name : {"s/a/1.tif", "s/a/2.tif", "s/b/1.tif", "s/b/2.tif"})
    test::spill(folder / name, test::tiff_of(wide, 6));  // to be turned a quarter to the right
  const auto data =
      load_dataset({.source = "s", .image_size = 16}, folder.path(), 1, {}, {.thumbnails = true});
  ASSERT_TRUE(data.ok()) << data.error().message;
  ASSERT_EQ(data->thumbnails.size(), 4u);
  const Thumbnail picture = data->thumbnails[2];
  EXPECT_EQ(picture.width, 24);
  EXPECT_EQ(picture.height, 48);
  EXPECT_EQ(colour_at(picture, 12, 3), (std::array{200, 10, 20}));
  EXPECT_EQ(colour_at(picture, 12, 44), (std::array{30, 40, 250}));
  EXPECT_FALSE(data->hounsfield.has_value());
}

// Whether colour shows early, late or never, and with classes that are left out.
TEST(KeptOfFiles, BelongToTheirImagesAndChangeNoPixel) {
  const test::TempFolder folder;
  for (int i = 0; i < 5; ++i) {
    const std::string name = std::to_string(i) + ".png";
    test::spill(folder / ("s/a/" + name), test::png_of(test::test_picture(30 + i, i == 3 ? 3 : 1, 1)));
    test::spill(folder / ("s/c/" + name), test::png_of(test::test_picture(20 + i, 1, 2)));
  }
  test::spill(folder / "s/b/only.png", test::png_of(test::test_picture(40, 1, 3)));
  test::spill(folder / "s/a/broken.png", test::bytes_of("no image at all"));
  for (const int channels : {kAutoChannels, 1, 3}) {
    const test::LogCapture log;
    const DataSpec spec{
        .source = "s", .image_size = 16, .channels = channels, .leave_out_small_classes = true};
    const auto plain = load_dataset(spec, folder.path(), 1),
               kept = load_dataset(spec, folder.path(), 1, {}, kAll);
    ASSERT_TRUE(plain.ok() && kept.ok());
    EXPECT_TRUE(plain->thumbnails.empty());
    EXPECT_EQ(plain->pixels, kept->pixels);
    EXPECT_EQ(plain->names, kept->names);
    ASSERT_EQ(kept->thumbnails.size(), 10u);
    for (std::size_t i = 0; i < 10; ++i)
      EXPECT_EQ(kept->thumbnails[i].width, static_cast<int>(i < 5 ? 30 + i : 15 + i)) << kept->names[i];
  }
}

TEST(KeptOfPhantoms, BelongToTheirImagesAndChangeNoPixel) {
  const DataSpec spec{.image_size = 32, .phantom_counts = {3, 5}};
  const auto plain = load_dataset(spec, {}, 4), kept = load_dataset(spec, {}, 4, {}, kAll);
  ASSERT_TRUE(plain.ok() && kept.ok());
  EXPECT_TRUE(plain->thumbnails.empty());
  EXPECT_FALSE(plain->hounsfield.has_value());
  EXPECT_EQ(plain->pixels, kept->pixels);
  EXPECT_EQ(plain->names, kept->names);
  ASSERT_EQ(kept->thumbnails.size(), 8u);
  ASSERT_TRUE(kept->hounsfield.has_value());
  for (std::size_t i = 0; i < 8; ++i) {
    const HuView slice = kept->hounsfield->slice(i);
    Thumbnails made;
    made.add_blank();
    made.fill(0, apply_window(slice, spec.window));
    ASSERT_EQ(made[0].width, Thumbnails::kSide);
    EXPECT_TRUE(std::ranges::equal(made[0].pixels, kept->thumbnails[i].pixels)) << i;
  }
}

// Another window is looked at without making the phantoms again, and gives what making them with it gives.
TEST(KeptOfPhantoms, AnotherWindowGivesTheBytesOfLoadingWithIt) {
  for (const bool red : {false, true}) {
    DataSpec spec{.image_size = 32, .phantom_counts = {4, 3}};
    if (red) spec.colour_range = HuRange{55, 85};
    const auto kept = load_dataset(spec, {}, 6, {}, {.hounsfield = true});
    ASSERT_TRUE(kept.ok() && kept->hounsfield);
    spec.channels = kept->shape.channels;
    for (const HuWindow window : {kBrainWindow, kSubduralWindow, kBoneWindow, HuWindow{37.3, 12.5}}) {
      spec.window = window;
      if (red) spec.colour_range = HuRange{48.5, 71};
      const auto loaded = load_dataset(spec, {}, 6);
      ASSERT_TRUE(loaded.ok());
      std::vector<float> made(loaded->pixels.size());
      const std::size_t floats = loaded->shape.floats();
      for (std::size_t i = 0; i < loaded->size(); ++i)
        hounsfield_input(kept->hounsfield->slice(i), spec, std::span(made).subspan(i * floats, floats));
      EXPECT_EQ(made, loaded->pixels) << window.level;
    }
  }
}

}  // namespace
}  // namespace fl
