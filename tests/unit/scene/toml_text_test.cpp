#include "trainer/scene/toml_text.h"

#include <gtest/gtest.h>

namespace fl {
namespace {

std::string repeated(const std::string& text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

std::string refusal(const std::string& text) {
  const auto parsed = parse_toml(text, "x.toml");
  return parsed ? "it was read" : parsed.error().message;
}

void expect_refused(const std::string& text, const std::string& said) {
  EXPECT_NE(refusal(text).find(said), std::string::npos) << refusal(text);
}

TEST(TomlText, DotsOfAKeyAreBoundedBeforeTheLibrarySeesThem) {
  expect_refused(repeated("a.", 100'000) + "b = 1", "x.toml, line 1: a name has more than 16 dots");
  expect_refused("title = 'x'\n[" + repeated("a.", 100'000) + "b]",
                 "x.toml, line 2: a name has more than 16 dots");
  expect_refused("[[" + repeated("'a' . ", 50'000) + "b]]", "line 1: a name has more than 16 dots");
  expect_refused("a = {" + repeated("\"a\".", 50'000) + "b = 1}", "line 1: a name has more than 16 dots");
  EXPECT_TRUE(parse_toml(repeated("a.", 16) +
                             "b = 1\nc = [1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5,"
                             " 12.5, 13.5, 14.5, 15.5, 16.5, 17.5, 18.5]",
                         "x.toml"));
}

TEST(TomlText, BracketsAreBoundedOverAllLines) {
  expect_refused("a = " + repeated("[\n", 100'000), "x.toml, line 33: more than 32 brackets");
  expect_refused("a = " + repeated("{a = ", 100'000), "x.toml, line 1: more than 32 brackets");
  expect_refused("a = " + repeated("[{a=", 100'000), "x.toml, line 1: more than 32 brackets");
  EXPECT_TRUE(parse_toml("a = " + repeated("[", 32) + repeated("]", 32), "x.toml"));
  EXPECT_TRUE(parse_toml(repeated("[[a]]\nb = [{c = 1}]\n", 1000), "x.toml"));
}

TEST(TomlText, WhatStandsInQuotesAndCommentsIsNotCounted) {
  const std::string much = repeated(".", 40) + repeated("[", 40) + "ѩ\xC2\xA0";
  const std::string scene = "# " + much + "\na = \"\\\\\\\"" + much + "\"\nb = '" + much +
                            "\\'\nc = \"\"\"\"" + much + "\n\\\"\"\"\"\"\"\nd = '''" + much +
                            "''\n'''\ne = \"\"\n\"" + much + "\" = ''";
  const auto parsed = parse_toml(scene, "x.toml");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ((*parsed)["a"].value<std::string>(), "\\\"" + much);
  EXPECT_EQ((*parsed)["b"].value<std::string>(), much + "\\");
  EXPECT_EQ((*parsed)["c"].value<std::string>(), "\"" + much + "\n\"\"\"");
  EXPECT_EQ((*parsed)["d"].value<std::string>(), much + "''\n");
  // What follows a text of every kind is counted again, in the right line.
  expect_refused(scene + "\n" + repeated("a.", 17) + "b = 1",
                 "x.toml, line 10: a name has more than 16 dots");
}

// The library takes these for impossible and its behaviour is then undefined.
TEST(TomlText, CharactersOutsideQuotesAreThoseOfToml) {
  expect_refused("[data]\nsource = \u201Cphantom\u201D\n", "x.toml, line 2: write the text in straight quotes");
  expect_refused("title = \"the \u201Cbest\u201D run\n", "no closing quote");
  for (const char* text : {"ѩ = 1", "a.ѩ = 1", "[ѩ]", "a = ѩ", "a = [ѩ]", "a = 1 ѩ", "aѩ = 1"})
    expect_refused(text, "x.toml, line 1: \"ѩ\" (U+0469) cannot stand outside quotes");
  expect_refused(
      "a = 1\nb =\xC2\xA0"
      "2",
      "x.toml, line 2: \"\xC2\xA0\" (U+00A0) cannot stand outside quotes");
  expect_refused("a\x7F = 1", "line 1: \"?\" (U+007F) cannot stand outside quotes");
  expect_refused(std::string("a = 1\n\0", 7), "line 2: \"?\" (U+0000) cannot stand outside quotes");
  EXPECT_TRUE(
      parse_toml("\xEF\xBB\xBF"
                 "a = 1\r\n",
                 "x.toml"));
}

TEST(TomlText, SaysWhereTheLibraryStopped) {
  expect_refused("a = 1\nb = \"open\nc = 2", "x.toml, line 2: ");
  expect_refused("a = 1\na = 2", "x.toml, line 2: ");
  expect_refused("a = 'it''s'", "x.toml, line 1: ");
  expect_refused(repeated("#", kMaxTomlBytes + 1), "more than the 1048576 allowed; shorten it");
}

}  // namespace
}  // namespace fl
