#include <gtest/gtest.h>

#include "engine/figures/value_map.h"
#include "engine/film/picture.h"
#include "tests/unit/data/data_support.h"
#include "trainer/base/atomic_file.h"

// Fontconfig keeps until the process ends what Pango's threads had it read: no leak of ours.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig\nleak:libpango\n"; }

namespace fl {
namespace {

ValueMap two_by_two() {
  using Kind = MapCell::Kind;
  return {.title = "Test accuracy",
          .across = "train.rate",
          .up = "train.seed",
          .columns = {"0.1", "1"},
          .rows = {"1", "2"},
          .cells = {{.kind = Kind::kValue, .value = 0},
                    {.kind = Kind::kValue, .value = 1},
                    {.kind = Kind::kDiverged},
                    {.kind = Kind::kMissing}}};
}

// Of a point near the corner of each cell: the words of its value stand in its middle.
std::vector<glm::ivec3> colours(const ValueMap& map) {
  Paper paper(600, 600);
  draw_value_map(paper, {0, 0}, {600, 600}, map);
  const test::TempFolder folder;
  const auto path = folder / "map.png";
  EXPECT_TRUE(paper.save(path, 1));
  const auto picture = load_png(path);
  EXPECT_TRUE(picture);
  std::vector<glm::ivec3> found;
  // The plot: 78 points from the left, 44 from above; 110 to the right, 66 below.
  for (const int y : {44 + 245 + 12, 44 + 12})
    for (const int x : {90 + 10, 90 + 206 + 10}) {
      const std::size_t at = (static_cast<std::size_t>(y) * 600 + static_cast<std::size_t>(x)) * 4;
      found.push_back({picture->rgba[at], picture->rgba[at + 1], picture->rgba[at + 2]});
    }
  return found;
}

TEST(ValueMap, EachKindOfCellLooksDifferent) {
  const auto found = colours(two_by_two());
  for (std::size_t i = 0; i < found.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(found[i], found[j]) << i << " and " << j;
  EXPECT_EQ(found[3], glm::ivec3(243, 243, 245));  // nothing is known
  EXPECT_EQ(found[2], glm::ivec3(64, 66, 74));     // diverged
}

TEST(ValueMap, TheBetterEndIsTheBrightOne) {
  const auto sum = [](const glm::ivec3& c) { return c.r + c.g + c.b; };
  ValueMap map = two_by_two();
  auto found = colours(map);
  EXPECT_LT(sum(found[0]), sum(found[1]));
  map.more_is_better = false;
  found = colours(map);
  EXPECT_GT(sum(found[0]), sum(found[1]));
}

TEST(ValueMap, BeyondACapAllIsOneColour) {
  ValueMap map = two_by_two();
  map.cells[0].value = 1e3, map.cells[1].value = 1e30,
  map.cells[2] = {.kind = MapCell::Kind::kValue, .value = 1};
  map.log = map.capped = true;
  map.most = 1e3;
  const auto found = colours(map);
  EXPECT_EQ(found[0], found[1]);
  EXPECT_NE(found[0], found[2]);
}

TEST(Paper, IsSavedByItsEnding) {
  const test::TempFolder folder;
  Paper paper(200, 100);
  paper.words({10, 50}, "Zürich, 東京, القاهرة", {.width = 80});
  for (const auto& [name, begins] : {std::pair{"a.png", "\x89PNG"}, {"a.svg", "<?xml"}, {"a.pdf", "%PDF"}}) {
    ASSERT_TRUE(paper.save(folder / name)) << name;
    const auto bytes = read_text_file(folder / name, 1 << 20);
    ASSERT_TRUE(bytes);
    EXPECT_TRUE(bytes->starts_with(begins)) << name;
  }
  const auto picture = load_png(folder / "a.png");
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 400u);
  EXPECT_EQ(picture->height, 200u);
  const auto refused = paper.save(folder / "a.jpg");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("call it NAME.png, NAME.svg or NAME.pdf"), std::string::npos);
  EXPECT_FALSE(paper.save(folder / "nowhere/a.png"));
}

TEST(Paper, WordsThatDoNotFitAreShortened) {
  const Paper paper(200, 100);
  const std::string text(500, 'x');
  EXPECT_LE(paper.room(text, {.width = 120}).x, 120);
  EXPECT_GT(paper.room(text, {}).x, 1000);
}

}  // namespace
}  // namespace fl
