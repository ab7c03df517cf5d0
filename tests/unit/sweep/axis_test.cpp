#include "trainer/sweep/axis.h"

#include <gtest/gtest.h>

#include "trainer/subjects/run_spec.h"

namespace fl {
namespace {

using Values = std::vector<std::string>;

Axis axis(const std::string& text) {
  auto parsed = parse_axis(text, run_tables());
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : Axis{};
}
std::string refusal(const std::string& text) {
  const auto parsed = parse_axis(text, run_tables());
  EXPECT_FALSE(parsed) << text;
  return parsed ? "" : parsed.error().message;
}

TEST(Axis, ARangeIsEvenlySpaced) {
  const Axis rate = axis("train.rate=0.1..0.5:5");
  EXPECT_EQ(rate.key, "train.rate");
  EXPECT_EQ(rate.values, (Values{"0.1", "0.2", "0.3", "0.4", "0.5"}));
  EXPECT_FALSE(rate.log);
  EXPECT_EQ(axis("train.rate=0..1").values.size(), kUsualOnAxis);
}

TEST(Axis, ARangeInLogStepsKeepsItsRatio) {
  const Axis rate = axis("train.rate=1e-5..1:log:6");
  EXPECT_EQ(rate.values, (Values{"1e-05", "0.0001", "0.001", "0.01", "0.1", "1"}));
  EXPECT_TRUE(rate.log);
  EXPECT_EQ(axis("train.rate=1e-5..1:6:log"), rate);
}

TEST(Axis, WholeNumbersStayWhole) {
  EXPECT_EQ(axis("train.epochs=3..6").values, (Values{"3", "4", "5", "6"}));
  EXPECT_EQ(axis("train.batch_size=1..64:log:7").values, (Values{"1", "2", "4", "8", "16", "32", "64"}));
  EXPECT_EQ(axis("train.epochs=1..4:log:9").values, (Values{"1", "2", "3", "4"}));  // each once
  EXPECT_EQ(axis("train.epochs=1..1000").values.size(), kUsualOnAxis);
  EXPECT_EQ(axis("start=1..4").values, (Values{"1", "2", "3", "4"}));
}

TEST(Axis, AListIsTakenAsItIs) {
  EXPECT_EQ(axis("train.optimizer=adam,momentum").values, (Values{"adam", "momentum"}));
  EXPECT_EQ(axis("train.optimizer=adam, momentum , \"x y\"").values, (Values{"adam", "momentum", "\"x y\""}));
  EXPECT_EQ(axis("data.phantom_counts=[10,10],[20, 20]").values, (Values{"[10,10]", "[20, 20]"}));
  EXPECT_EQ(axis("data.source=\"a,b\",../x").values, (Values{"\"a,b\"", "../x"}));
}

TEST(Axis, WhatIsWrongIsSaid) {
  EXPECT_NE(refusal("train.rate=1..1").find("the range is empty, because 1 is not below 1"),
            std::string::npos);
  EXPECT_NE(refusal("train.rate=1..0.1").find("put the smaller number first"), std::string::npos);
  EXPECT_NE(refusal("train.rate=0..1:log").find("must begin above 0"), std::string::npos);
  EXPECT_NE(refusal("train.rate=0..1:lag").find("\"lag\" is neither log nor a count"), std::string::npos);
  EXPECT_NE(refusal("train.rate=0..1:1").find("\"1\" is neither log nor a count"), std::string::npos);
  EXPECT_NE(refusal("train.rate=0..inf").find("finite"), std::string::npos);
  EXPECT_NE(refusal("train.rate").find("no key or no values"), std::string::npos);
  EXPECT_NE(refusal("train.rate=").find("no key or no values"), std::string::npos);
  EXPECT_NE(refusal("=1..2").find("no key or no values"), std::string::npos);
  EXPECT_NE(refusal("train.optimizer=adam").find("one value only"), std::string::npos);
  EXPECT_NE(refusal("train.optimizer=adam,,sgd").find("a value is missing"), std::string::npos);
  EXPECT_NE(refusal("train.optimizer=adam,sgd,adam").find("adam appears twice"), std::string::npos);
  EXPECT_NE(refusal("train.rate=1e-5...1").find("one value only"), std::string::npos) << "1, or .1?";
  for (const char* other :
       {"view.theme=dark,light", "title=a,b", "map.x=1,2", "race.key=a,b", "rate=0.1,0.2"})
    EXPECT_NE(refusal(other).find("is no key of [data], [network] or [train]"), std::string::npos) << other;
  EXPECT_NE(refusal("train.rate=0..1:99999").find("2 to 4096"), std::string::npos);
}

}  // namespace
}  // namespace fl
