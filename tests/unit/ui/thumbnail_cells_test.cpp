// Pictures keep their cells as long as they are seen; those seen longest ago make room.
#include "engine/ui/thumbnails/thumbnail_cells.h"

#include <set>

#include <gtest/gtest.h>

namespace fl {
namespace {

std::uint32_t cell(ThumbnailCells& cells, std::uint64_t picture, bool fresh) {
  const auto place = cells.see(picture);
  EXPECT_TRUE(place.has_value()) << picture;
  if (!place) return ~0u;
  EXPECT_EQ(place->fresh, fresh) << picture;
  return place->cell;
}

TEST(ThumbnailCells, APictureStaysWhereItIs) {
  ThumbnailCells cells(4);
  const std::uint32_t first = cell(cells, 70, true), second = cell(cells, 71, true);
  EXPECT_NE(first, second);
  EXPECT_EQ(cell(cells, 70, false), first) << "twice in a frame";
  cells.begin_frame();
  EXPECT_EQ(cell(cells, 71, false), second);
  EXPECT_EQ(cell(cells, 70, false), first);
  EXPECT_TRUE(cells.holds(70));
  EXPECT_FALSE(cells.holds(72));
}

TEST(ThumbnailCells, TheLeastRecentlySeenMakesRoom) {
  ThumbnailCells cells(3);
  const std::uint32_t a = cell(cells, 1, true);
  cell(cells, 2, true);
  const std::uint32_t c = cell(cells, 3, true);
  cells.begin_frame();
  cell(cells, 1, false);  // 2 and then 3 are the oldest now
  cells.begin_frame();
  cell(cells, 2, false);
  EXPECT_EQ(cell(cells, 4, true), c);
  EXPECT_FALSE(cells.holds(3));
  EXPECT_EQ(cell(cells, 5, true), a);
  EXPECT_FALSE(cells.holds(1));
}

TEST(ThumbnailCells, WhatAFrameShowsIsNotTakenFromIt) {
  ThumbnailCells cells(3);
  for (std::uint64_t picture = 0; picture < 3; ++picture) cell(cells, picture, true);
  EXPECT_FALSE(cells.see(3));
  for (std::uint64_t picture = 0; picture < 3; ++picture) cell(cells, picture, false);
  cells.begin_frame();
  cell(cells, 3, true);
  EXPECT_FALSE(ThumbnailCells(0).see(1));
}

TEST(ThumbnailCells, ALongScrollNeedsNoMoreThanItsCells) {
  constexpr std::uint32_t kCells = 40, kSeen = 30;
  ThumbnailCells cells(kCells);
  for (std::uint64_t top = 0; top < 32'000; top += 10) {
    cells.begin_frame();
    std::set<std::uint32_t> used;
    for (std::uint64_t picture = top; picture < top + kSeen; ++picture) {
      const auto place = cells.see(picture);
      ASSERT_TRUE(place);
      EXPECT_EQ(place->fresh, top == 0 || picture >= top + kSeen - 10)
          << "what stays in view stays in its cell";
      EXPECT_LT(place->cell, kCells);
      EXPECT_TRUE(used.insert(place->cell).second);
    }
  }
}

}  // namespace
}  // namespace fl
