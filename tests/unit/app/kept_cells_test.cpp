// The cells of a map stay while somebody looks at one of them.
#include "engine/app/sweep_map/kept_cells.h"

#include <gtest/gtest.h>

#include "engine/app/opening/opening.h"

namespace fl {
namespace {

SweepPlan plan_of(const char* scene) {
  return {.scene = scene, .axes = {{.key = "train.rate", .values = {"0.1", "0.2"}}}};
}

CellResult ended(std::size_t cell) {
  return {.cell = cell, .state = "finished", .weights = {}, .note = {}};
}

TEST(KeptMap, KeepsTheCellsOfTheLastMap) {
  KeptMap map;
  const auto first = map.cells_of(plan_of("a"), {1, 2});
  EXPECT_EQ(first->known().size(), 2u);
  first->note(ended(1));
  EXPECT_TRUE(map.cells_of(plan_of("a"), {1, 2})->known()[1]);
  EXPECT_FALSE(map.cells_of(plan_of("a"), {1, 2})->known()[0]);
  // Other images are another map, whatever its scene says.
  EXPECT_FALSE(map.cells_of(plan_of("a"), {1, 3})->known()[1]);
  const auto other = map.cells_of(plan_of("b"), {1, 3});
  // What ends late, after its map has gone, is nobody's.
  first->note(ended(0));
  EXPECT_FALSE(other->known()[0]);
  other->note(ended(0));
  other->forget();
  EXPECT_FALSE(map.cells_of(plan_of("b"), {1, 3})->known()[0]);
}

TEST(SameMap, AMapAndItsCellsAreSeenAsOne) {
  const OpeningRequest map{.what = "map.toml", .overrides = {"train.epochs=3"}};
  OpeningRequest cell = map;
  cell.overrides.emplace_back("map.cell=4");
  OpeningRequest changed = cell;
  changed.overrides.emplace_back("train.rate=1");
  EXPECT_TRUE(same_map(map, cell));
  EXPECT_TRUE(same_map(cell, map));
  EXPECT_TRUE(same_map(changed, cell));
  EXPECT_FALSE(same_map(map, map)) << "nothing says that it is a map";
  OpeningRequest other = cell;
  other.what = "other.toml";
  EXPECT_FALSE(same_map(map, other));
  other = cell;
  other.overrides[0] = "train.epochs=4";
  EXPECT_FALSE(same_map(map, other));
}

}  // namespace
}  // namespace fl
