// Earlier runs in session files.
#include "trainer/session/earlier_json.h"

#include <cmath>

#include <gtest/gtest.h>

#include "trainer/session/command_json.h"

namespace fl {
namespace {

EarlierRuns some_runs() {
  EarlierRun run{.settings = {{"train.rate", "0.01"}, {"data.path", "\"a = b\""}},
                 .seed = ~0ull,
                 .steps_per_epoch = 7,
                 .stride = 2,
                 .points = {{0.7F, 0.5F, 0.8F, 0.4F}, {0.1F, 0.9F, std::nanf(""), std::nanf("")}},
                 .test_accuracy = 0.81F};
  EarlierRun lost = run;
  lost.test_accuracy = std::nanf("");
  return {run, lost};
}

TEST(EarlierJson, IsReadAsItWasWritten) {
  for (const EarlierRuns& runs : {EarlierRuns{}, some_runs()}) {
    const command::SetEarlier set{std::make_shared<const EarlierRuns>(runs)};
    // Through text, as in a file.
    const auto json = Json::parse(Json(command_members(set)).line());
    ASSERT_TRUE(json);
    const auto read = command_of(*json);
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(std::get<command::SetEarlier>(*read), set);
  }
}

TEST(EarlierJson, WhatIsNoneOrTooMuchIsRefused) {
  const auto refused = [](const char* text) { return !earlier_runs_of(*Json::parse(text)); };
  constexpr const char* kGood =
      R"([{"settings": [], "seed": 1, "steps_per_epoch": 1, "stride": 1, "points": [[1, 1, 1, null]]}])";
  EXPECT_FALSE(refused(kGood));
  EXPECT_TRUE(refused("3"));
  EXPECT_TRUE(refused("[3]"));
  EXPECT_TRUE(refused(R"([{"settings": [], "seed": 1, "steps_per_epoch": 1, "stride": 1, "points": []}])"));
  EXPECT_TRUE(refused(
      R"([{"settings": [], "seed": 1, "steps_per_epoch": 0, "stride": 1, "points": [[1, 1, 1, 1]]}])"));
  EXPECT_TRUE(refused(
      R"([{"settings": [], "seed": 1, "steps_per_epoch": 1, "stride": 0, "points": [[1, 1, 1, 1]]}])"));
  EXPECT_TRUE(
      refused(R"([{"settings": [], "seed": 1, "steps_per_epoch": 1, "stride": 1, "points": [[1, 1, 1]]}])"));
  EXPECT_TRUE(refused(
      R"([{"settings": ["x"], "seed": 1, "steps_per_epoch": 1, "stride": 1, "points": [[1, 1, 1, 1]]}])"));
  EarlierRuns many(kEarlierRuns + 1, some_runs()[0]);
  EXPECT_FALSE(earlier_runs_of(earlier_json(many)));
  many.resize(1);
  many[0].points.resize(kEarlierPoints + 1);
  EXPECT_FALSE(earlier_runs_of(earlier_json(many)));
  EXPECT_FALSE(command_of(*Json::parse(R"({"command": "earlier", "value": 1})")).ok());
}

}  // namespace
}  // namespace fl
