// Characters out of bytes, and what is refused as RFC 3629 says.

#include "trainer/base/utf8.h"

#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace fl {
namespace {

TEST(Utf8, DecodesOneToFourBytes) {
  EXPECT_EQ(decode_utf8("A\u00E9\u2192\U0001F600"), U"A\u00E9\u2192\U0001F600");
  EXPECT_EQ(decode_utf8(""), U"");
  EXPECT_EQ(decode_utf8("\x7F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF"),
            U"\x7F\u0080\u07FF\u0800\uD7FF\uE000\uFFFF\U00010000\U0010FFFF")
      << "the first and the last of each length";
  EXPECT_EQ(decode_utf8(std::string_view("a\0b", 3)), std::u32string_view(U"a\0b", 3));
}

TEST(Utf8, MalformedBytesBecomeReplacements) {
  EXPECT_EQ(decode_utf8("\xE9tat"), U"\uFFFDtat") << "Latin-1 taken for UTF-8";
  EXPECT_EQ(decode_utf8("\x80"), U"\uFFFD") << "continues nothing";
  EXPECT_EQ(decode_utf8("\xFF"), U"\uFFFD");
}

TEST(Utf8, RefusesOverlongForms) {
  EXPECT_EQ(decode_utf8("\xC0\xAF"), U"\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xC1\xBF"), U"\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xE0\x9F\xBF"), U"\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xF0\x8F\xBF\xBF"), U"\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(Utf8, RefusesSurrogatesAndWhatLiesBeyondUnicode) {
  EXPECT_EQ(decode_utf8("\xED\xA0\x80"), U"\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xED\xBF\xBF"), U"\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xF4\x90\x80\x80"), U"\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xF5\x80\x80\x80"), U"\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(Utf8, RefusesWhatIsCutShortAndGoesOnBehindIt) {
  EXPECT_EQ(decode_utf8("a\xC3"), U"a\uFFFD");
  EXPECT_EQ(decode_utf8("\xE2\x82"), U"\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xF0\x9F\x98"), U"\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(decode_utf8("\xE2\x82z"), U"\uFFFD\uFFFDz");
  EXPECT_EQ(decode_utf8("\xC3\u00E9"), U"\uFFFD\u00E9");
}

TEST(Utf8, SaysWhereEachCharacterBegins) {
  std::vector<std::pair<char32_t, std::size_t>> found;
  for_each_character("a\u2192\xC3z", [&](char32_t code, std::size_t at) { found.emplace_back(code, at); });
  EXPECT_EQ(found, (std::vector<std::pair<char32_t, std::size_t>>{
                       {U'a', 0}, {U'\u2192', 1}, {0xFFFD, 4}, {U'z', 5}}));
}

TEST(Utf8, TellsWhetherAllOfATextIs) {
  EXPECT_TRUE(is_utf8(""));
  EXPECT_TRUE(is_utf8("caf\u00E9 \uFFFD"));
  EXPECT_FALSE(is_utf8("caf\xE9"));
  EXPECT_FALSE(is_utf8("\u00E9\xC3"));
}

TEST(Utf8, ALastCharacterIsTakenAwayWhole) {
  EXPECT_EQ(without_last_character("a\xc3\x9c"), "a");
  EXPECT_EQ(without_last_character("a"), "");
  EXPECT_EQ(without_last_character(""), "");
  EXPECT_EQ(without_last_character("a\xc3"), "a");
}

}  // namespace
}  // namespace fl
