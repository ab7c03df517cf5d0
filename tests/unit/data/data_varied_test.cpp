// The phantoms that a backbone learns from: repeatable, and the truth that goes with them is true.
#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "trainer/base/random.h"
#include "trainer/data/phantom/phantom_render.h"
#include "trainer/data/varied/varied_head.h"
#include "trainer/data/varied/varied_picture.h"

namespace fl {
namespace {

constexpr std::size_t kCells = static_cast<std::size_t>(kCoverageSide) * kCoverageSide;

TEST(VariedHead, TheSameNumberIsTheSameHead) {
  const VariedHead first = draw_varied_head(3, 7), again = draw_varied_head(3, 7);
  EXPECT_EQ(first.slice.hounsfield, again.slice.hounsfield);
  EXPECT_EQ(first.coverage, again.coverage);
  EXPECT_NE(first.slice.hounsfield, draw_varied_head(3, 8).slice.hounsfield);
  EXPECT_NE(first.slice.hounsfield, draw_varied_head(4, 7).slice.hounsfield);
}

TEST(VariedHead, CoverageIsAShareAndAddsUpToTheArea) {
  int bleeding = 0, kinds = 0;
  std::array<int, kVariedLevels> levels{};
  for (std::uint32_t number = 0; number < 60; ++number) {
    const VariedHead head = draw_varied_head(11, number);
    ASSERT_EQ(head.slice.side, kVariedSide);
    ASSERT_EQ(head.coverage.size(), kBleedKinds * kCells);
    const double cell = std::pow(head.slice.millimetres * kVariedSide / kCoverageSide, 2);
    for (int kind = 0; kind < kBleedKinds; ++kind) {
      const auto map = std::span(head.coverage).subspan(static_cast<std::size_t>(kind) * kCells, kCells);
      EXPECT_GE(*std::ranges::min_element(map), 0.0f);
      EXPECT_LE(*std::ranges::max_element(map), 1.0001f);
      const double area = cell * std::accumulate(map.begin(), map.end(), 0.0);
      EXPECT_NEAR(area, head.area[static_cast<std::size_t>(kind)], 1e-3 * area + 1e-6);
      kinds += head.has(kind) ? 1 : 0;
    }
    bleeding += head.bleeds() ? 1 : 0;
    ++levels[static_cast<std::size_t>(head.level)];
  }
  EXPECT_GT(bleeding, 20);
  EXPECT_LT(bleeding, 50);
  EXPECT_GT(kinds, bleeding) << "some have two kinds";
  for (const int count : levels) EXPECT_GT(count, 2);
}

// A disc of blood deep in a brain, whose size is known: what the subtraction says must be that.
TEST(VariedHead, ADiscOfBloodIsAsLargeAsItIs) {
  RandomStream random(1, StreamId::kTest);
  VariedAnatomy varied;
  do varied = draw_varied_anatomy(random);
  while (varied.level != 1 || varied.operated);
  Anatomy& head = varied.head;
  head.dense_spots.clear();
  head.outside.clear();
  head.further.clear();
  head.bleed = Bleed{.kind = BleedKind::kIntraparenchymal, .hu = 65, .centre = {25, 5}, .radius = 10};
  HuSlice plain = render_anatomy(head, kVariedSide);
  head.bleed->hu += 40;
  const HuSlice brighter = render_anatomy(head, kVariedSide);
  double area = 0;
  for (std::size_t i = 0; i < plain.hounsfield.size(); ++i)
    area += static_cast<double>(brighter.hounsfield[i] - plain.hounsfield[i]) / 40;
  area *= plain.millimetres * plain.millimetres;
  EXPECT_NEAR(area, 314, 40);  // its border wanders
}

TEST(VariedPicture, IsRepeatableInColourAndOfTheSlice) {
  const VariedHead head = draw_varied_head(5, 1);
  int mirrored = 0, coloured = 0;
  for (std::uint32_t number = 0; number < 30; ++number) {
    const VariedPicture picture = draw_varied_picture(head.slice, 5, number);
    const VariedPicture again = draw_varied_picture(head.slice, 5, number);
    EXPECT_EQ(picture.image.pixels, again.image.pixels);
    ASSERT_EQ(picture.image.width, kVariedSide);
    ASSERT_EQ(picture.image.channels, 3);
    mirrored += picture.mirrored ? 1 : 0;
    int red = 0;
    for (std::size_t i = 0; i < picture.image.pixels.size(); i += 3)
      red += picture.image.pixels[i] > picture.image.pixels[i + 2] + 60 ? 1 : 0;
    coloured += red > 50 ? 1 : 0;
  }
  EXPECT_GT(mirrored, 5);
  EXPECT_LT(mirrored, 25);
  EXPECT_GT(coloured, 5);
  EXPECT_LT(coloured, 28);
}

}  // namespace
}  // namespace fl
