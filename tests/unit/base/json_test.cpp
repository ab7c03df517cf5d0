#include "trainer/base/json.h"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>

namespace fl {
namespace {

TEST(Json, ReadsWhatItWroteInItsOrder) {
  const Json json = Json::Object{{"z", 1},
                                 {"a", Json::Array{-2, 0.1, true, "x", Json()}},
                                 {"seed", std::numeric_limits<std::uint64_t>::max()},
                                 {"empty", Json::Object{}}};
  EXPECT_EQ(json.line(), R"({"z":1,"a":[-2,0.1,true,"x",null],"seed":18446744073709551615,"empty":{}})");
  EXPECT_EQ(Json::parse(json.line()), json);
  EXPECT_EQ(Json::parse(json.pretty()), json);
  EXPECT_EQ(Json(Json::Array{1, 2}).pretty(), "[\n  1,\n  2\n]");
}

TEST(Json, SaysOfWhatKindAValueIs) {
  const Json json =
      Json::parse(R"({"natural":3,"negative":-3,"real":3.0,"text":"3","list":[1,[2]],"none":null})").value();
  EXPECT_EQ(json["natural"].whole(), 3u);
  EXPECT_FALSE(json["negative"].whole());
  EXPECT_FALSE(json["real"].whole());
  EXPECT_EQ(json["negative"].number(), -3.0);
  EXPECT_EQ(json["real"].number(), 3.0);
  EXPECT_FALSE(json["text"].number());
  EXPECT_EQ(*json["text"].text(), "3");
  EXPECT_EQ(json["natural"].text(), nullptr);
  EXPECT_EQ(json["list"][1][0].whole(), 2u);
  EXPECT_TRUE(json["none"].is_null());
  EXPECT_EQ(json.find("missing"), nullptr);
  EXPECT_EQ(json["list"].find("natural"), nullptr);
}

TEST(Json, WhatIsNoNumberIsNull) {
  EXPECT_EQ(Json(std::nan("")).line(), "null");
  EXPECT_EQ(Json::list(std::vector<float>{1.5f, std::numeric_limits<float>::infinity()}).line(),
            "[1.5,null]");
}

TEST(Json, ReplacesWhatIsNotUtf8) {
  EXPECT_EQ(Json("a\xff"
                 "b")
                .line(),
            "\"a\xef\xbf\xbd"
            "b\"");
}

TEST(Json, RefusesWhatIsNone) {
  for (const char* text :
       {"", "{", "[1,]", "{\"a\":1} x", "nul", "\"\\ud800\"", "{\"a\":1,\"b\":{},\"a\":2}", "01", "\"\xff\""})
    EXPECT_FALSE(Json::parse(text)) << text;
  EXPECT_TRUE(Json::parse(std::string(100, '[') + std::string(100, ']')));
  EXPECT_FALSE(Json::parse(std::string(101, '[') + std::string(101, ']')));
  EXPECT_FALSE(Json::parse(std::string(1'000'000, '[')));
}

}  // namespace
}  // namespace fl
