#include <gtest/gtest.h>

#include "tests/unit/data/data_support.h"
#include "trainer/data/contact_sheet.h"

namespace fl {
namespace {

// Images of 8 x 8 pixels whose grey is 10 times their number.
Dataset numbered(const std::vector<int>& counts) {
  Dataset data;
  data.shape = {1, 8, 8};
  for (std::size_t c = 0; c < counts.size(); ++c) {
    data.classes.push_back("class");
    for (int i = 0; i < counts[c]; ++i) {
      data.labels.push_back(static_cast<std::int32_t>(c));
      const auto grey = static_cast<float>(static_cast<double>(data.labels.size()) * 10 / 127.5 - 1);
      data.pixels.insert(data.pixels.end(), 64, grey);
    }
  }
  return data;
}

int grey_at(const Bitmap& sheet, int x, int y) {
  return sheet.pixels[static_cast<std::size_t>(y * sheet.width + x)];
}

TEST(ContactSheet, ImagesKeepTheirPixels) {
  const test::TempFolder folder;
  const Bitmap source = test::test_picture(16, 3, 2);
  for (const char* name : {"s/a/1.png", "s/a/2.png", "s/b/1.png", "s/b/2.png"})
    test::spill(folder / name, test::png_of(source));
  const auto data = load_dataset({.source = "s", .image_size = 16, .channels = 3}, folder.path(), 1);
  ASSERT_TRUE(data.ok()) << data.error().message;
  EXPECT_EQ(image_of(*data, 3).pixels, source.pixels);
}

TEST(ContactSheet, ClassesLieUnderEachOther) {
  const Bitmap sheet = contact_sheet(numbered({3, 2}));
  EXPECT_EQ(sheet.width, 30);   // three images, each with a gap of two pixels
  EXPECT_EQ(sheet.height, 24);  // two rows and the rule between them
  for (int i = 0; i < 3; ++i) EXPECT_EQ(grey_at(sheet, 10 * i + 4, 4), 10 * (i + 1));
  for (int i = 0; i < 2; ++i) EXPECT_EQ(grey_at(sheet, 10 * i + 4, 18), 10 * (i + 4));
  EXPECT_GT(grey_at(sheet, 5, 12), 150);  // the rule
  EXPECT_LT(grey_at(sheet, 25, 18), 60);  // no third image of the second class
}

TEST(ContactSheet, LongClassesWrapAndEnd) {
  const Bitmap sheet = contact_sheet(numbered({400, 1}), 200);
  EXPECT_LE(sheet.width, 1100);
  EXPECT_EQ(sheet.height, 2 * 10 + 4 + 10);  // 110 in a row, 200 of 400
  Dataset large = numbered({2, 2});
  large.shape = {1, 1024, 1024};
  large.pixels.assign(4 * large.shape.floats(), 0.0f);
  const Bitmap one_column = contact_sheet(large);
  EXPECT_EQ(one_column.width, 1026);
  EXPECT_LE(one_column.height, kMaxImageSide);
}

}  // namespace
}  // namespace fl
