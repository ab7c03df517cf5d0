#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/data/dataset.h"
#include "trainer/data/window.h"

namespace fl {
namespace {

using Pixels = std::vector<std::uint8_t>;

HuSlice slice_of(const std::vector<float>& hounsfield) {
  // Not square, which no function here asks for.
  HuSlice slice{static_cast<int>(hounsfield.size()), 1.0, hounsfield};
  return slice;
}

TEST(Window, MapsLevelAndWidth) {
  const HuSlice slice{3, 1.0, {-1000, 0, 20, 40, 60, 80, 1000, 10, 79}};
  EXPECT_EQ(apply_window(slice, kBrainWindow).pixels, (Pixels{0, 0, 64, 128, 191, 255, 255, 32, 252}));
  // Subdural: -32.5 ... 182.5; bone: -800 ... 2000.
  EXPECT_EQ(apply_window(slice, kSubduralWindow).pixels, (Pixels{0, 39, 62, 86, 110, 133, 255, 50, 132}));
  EXPECT_EQ(apply_window(slice, kBoneWindow).pixels, (Pixels{0, 73, 75, 77, 78, 80, 164, 74, 80}));
}

TEST(Window, ColoursWhatLiesInTheRangeByItsValue) {
  const Bitmap image = apply_window(slice_of({40, 49.9f, 50, 70, 90, 90.1f, 1000}), kBrainWindow, {50, 90});
  ASSERT_EQ(image.channels, 3);
  EXPECT_EQ(image.pixels, (Pixels{128, 128, 128,  // brain
                                  159, 159, 159,  // just below
                                  188, 112, 112,  // three tenths of red over 159 of grey
                                  244, 78,  78,   // half way to pure red, over 223
                                  255, 0,   0,    // pure
                                  255, 255, 255,  // calcium and bone stay white
                                  255, 255, 255}));
}

TEST(Window, EightBitGreysAreTakenBackThroughTheirWindow) {
  // In the brain window 50 HU is grey 159.4, and 70 HU, the middle of the range, 223.1.
  const Bitmap grey{4, 1, 1, {100, 159, 223, 255}};
  const Bitmap image = colour_image(grey, kBrainWindow, {50, 90});
  EXPECT_EQ(image.pixels, (Pixels{100, 100, 100, 159, 159, 159, 244, 78, 78, 255, 255, 255}));
  // The same greys in the bone window mean 298, 946, 1648 HU and more.
  const Bitmap bone = colour_image(grey, kBoneWindow, {900, 1000});
  EXPECT_EQ(bone.pixels[3], 219);
  EXPECT_EQ(bone.pixels[4], bone.pixels[5]);
  EXPECT_LT(bone.pixels[4], 100);
  EXPECT_EQ(bone.pixels[6], 223);
  EXPECT_EQ(bone.pixels[7], 223);
}

TEST(Window, NearlyGreyPixelsCountAsGreyAndColouredOnesStay) {
  const Bitmap jpeg{2, 1, 3, {224, 222, 223, 255, 10, 10}};
  const Bitmap image = colour_image(jpeg, kBrainWindow, {50, 90});
  EXPECT_GT(image.pixels[0], image.pixels[1] + 100);
  EXPECT_EQ(image.pixels[1], image.pixels[2]);
  EXPECT_EQ(Pixels(image.pixels.begin() + 3, image.pixels.end()), (Pixels{255, 10, 10}));
}

// What a network gets to see of the red: phantoms from their Hounsfield values, folders from their greys.
TEST(Window, DatasetsAreColoured) {
  const auto redness = [](const Dataset& data, std::size_t i) {
    const std::span<const float> image = data.image(i);
    const std::size_t area = image.size() / 3;
    double sum = 0;
    for (std::size_t p = 0; p < area; ++p) sum += static_cast<double>(image[p] - image[2 * area + p]);
    return sum;
  };
  DataSpec spec{.image_size = 32, .channels = 3, .phantom_counts = {30, 30}};
  const auto plain = load_dataset(spec, {}, 3);
  spec.colour_range = HuRange{50, 90};
  const auto coloured = load_dataset(spec, {}, 3);
  ASSERT_TRUE(plain.ok() && coloured.ok());
  double bleeding = 0, normal = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    EXPECT_EQ(redness(*plain, i), 0.0);
    (i < 30 ? bleeding : normal) += redness(*coloured, i);
  }
  EXPECT_GT(bleeding, 1.5 * normal);

  const test::TempFolder folder;
  const Bitmap dark{32, 32, 1, Pixels(1024, 90)}, bright{32, 32, 1, Pixels(1024, 220)};
  for (const char* name : {"set/a/1.png", "set/a/2.png"}) test::spill(folder / name, test::png_of(dark));
  for (const char* name : {"set/b/1.png", "set/b/2.png"}) test::spill(folder / name, test::png_of(bright));
  spec.source = "set";
  const auto files = load_dataset(spec, folder.path(), 1);
  ASSERT_TRUE(files.ok()) << files.error().message;
  EXPECT_EQ(redness(*files, 0), 0.0);
  EXPECT_GT(redness(*files, 2), 100.0);
}

TEST(Window, SpecsThatMakeNoSenseAreRefused) {
  const auto refusal = [](const DataSpec& spec) {
    const auto data = load_dataset(spec, {}, 1);
    return data ? std::string() : data.error().message;
  };
  EXPECT_SAYS(refusal({.channels = 1, .colour_range = HuRange{50, 90}}), "needs 3 channels");
  EXPECT_SAYS(refusal({.channels = 3, .colour_range = HuRange{90, 50}}), "from 90 to 50 HU is empty");
  EXPECT_SAYS(refusal({.window = {40, 0}}), "width is 0, but it must be above 0");
}

}  // namespace
}  // namespace fl
