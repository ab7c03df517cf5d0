#include "trainer/sweep/sweep_plan.h"

#include <set>

#include <gtest/gtest.h>

namespace fl {
namespace {

SweepPlan plan(std::size_t first, std::size_t second) {
  SweepPlan made{
      .scene = "title = \"a \\\"quoted\\\" name\"\n",
      .axes = {{.key = "train.rate", .values = {}, .log = true}, {.key = "train.seed", .values = {}}}};
  for (std::size_t i = 0; i < first; ++i) made.axes[0].values.push_back(std::to_string(i));
  for (std::size_t i = 0; i < second; ++i) made.axes[1].values.push_back(std::to_string(100 + i));
  return made;
}

TEST(SweepPlan, EachCellIsOneCombination) {
  const SweepPlan p = plan(3, 4);
  ASSERT_EQ(p.cells(), 12u);
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t cell = 0; cell < p.cells(); ++cell) seen.emplace(p.value(cell, 0), p.value(cell, 1));
  EXPECT_EQ(seen.size(), 12u);
  EXPECT_EQ(p.value(1, 1), "101");  // the last axis runs fastest
  EXPECT_EQ(p.words(5), "train.rate=1, train.seed=101");
}

TEST(SweepPlan, CoarseMapsAreWholeBeforeFineOnesBegin) {
  const SweepPlan p = plan(9, 9);
  const auto order = p.order();
  EXPECT_EQ(std::set(order.begin(), order.end()).size(), 81u);
  EXPECT_EQ(order[0], 0u);
  // 2 x 2 of the corners, then 3 x 3, then 5 x 5.
  std::size_t at = 0;
  for (const auto& [stride, side] : {std::pair{8u, 2u}, {4u, 3u}, {2u, 5u}, {1u, 9u}})
    for (; at < side * side; ++at)
      for (const std::size_t index : p.place(order[at])) EXPECT_EQ(index % stride, 0u) << at;
}

TEST(SweepPlan, IsReadAsItWasWritten) {
  const SweepPlan p = plan(3, 4);
  const auto read = SweepPlan::parse(p.json());
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, p);
  for (const char* wrong :
       {"", "{}", "[1]", "{\"format\": \"fall-line-sweep-1\", \"axes\": [], \"scene\": \"\"}",
        "{\"format\": \"fall-line-sweep-1\", \"axes\": [{\"key\": 1}], \"scene\": \"\"}",
        "{\"format\": \"fall-line-sweep-9\", \"axes\": [], \"scene\": \"\"}"})
    EXPECT_FALSE(SweepPlan::parse(wrong)) << wrong;
}

TEST(SweepPlan, TooManyCellsAreRefused) {
  EXPECT_TRUE(plan(1000, 1000).check());
  const auto refused = plan(1001, 1000).check();
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("more than 1000000 cells"), std::string::npos);
  SweepPlan twice = plan(2, 2);
  twice.axes[1].key = twice.axes[0].key;
  ASSERT_FALSE(twice.check());
  EXPECT_NE(twice.check().error().message.find("Two --axis options vary train.rate"), std::string::npos);
  EXPECT_FALSE(SweepPlan{}.check());
}

}  // namespace
}  // namespace fl
