#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

#include <gtest/gtest.h>

#include "engine/view/font.h"
#include "engine/view/font_finder.h"
#include "engine/view/font_kerning.h"
#include "engine/view/font_sdf.h"
#include "engine/view/text_layout.h"

namespace fl {
namespace {

// One atlas for all cases: making it is most of their time.
const Font& font() {
  static const Result<Font> loaded = Font::load();
  if (!loaded) throw std::runtime_error(loaded.error().message);
  return *loaded;
}

constexpr FontWeight kRegular = FontWeight::kRegular;

TEST(Utf8, DecodesOneToFourBytes) {
  EXPECT_EQ(decode_utf8("A\u00E9\u2192\U0001F600"), U"A\u00E9\u2192\U0001F600");
  EXPECT_EQ(decode_utf8(""), U"");
}

TEST(Utf8, MalformedBytesBecomeReplacements) {
  EXPECT_EQ(decode_utf8("a\xC3"), U"a\uFFFD");                              // cut short
  EXPECT_EQ(decode_utf8("\xC0\xAF"), U"\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(decode_utf8("\xED\xA0\x80"), U"\uFFFD\uFFFD\uFFFD");            // surrogate
  EXPECT_EQ(decode_utf8("\xE9tat"), U"\uFFFDtat");                          // Latin-1 taken for UTF-8
  EXPECT_EQ(decode_utf8("\xF4\x90\x80\x80"), U"\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond Unicode
}

TEST(Font, HoldsWhatLabelsNeed) {
  for (const FontWeight weight : {FontWeight::kRegular, FontWeight::kSemiBold}) {
    for (const char32_t code :
         U"Ag09\u00E9\u0142\u0151\u017E\u03B1\u03B2\u03C1\u03B8\u03BB\u03C3\u03B7"
         U"\u2192\u00D7\u2212\u00B7\u2013\u2026\u00B2\u2074\u2079") {
      if (code == 0) continue;  // the literal's end
      EXPECT_TRUE(font().has_glyph(weight, code)) << static_cast<std::uint32_t>(code);
    }
  }
  EXPECT_FALSE(font().has_glyph(kRegular, 0x1F600));
}

TEST(Font, UnknownCharactersAreABox) {
  const Glyph& box = font().glyph(kRegular, 0x1F600);
  EXPECT_GT(box.width, 0);
  EXPECT_GT(box.advance, 0.3F);
  // Hollow: ink at the wall, none in the middle.
  const auto at = [&](float x, float y) {
    const int u = box.u + static_cast<int>(x * static_cast<float>(box.texel_width));
    const int v = box.v + static_cast<int>(y * static_cast<float>(box.texel_height));
    return font().atlas()[static_cast<std::size_t>(v * font().atlas_width() + u)];
  };
  EXPECT_LT(at(0.5F, 0.5F), 100);
  std::uint8_t most = 0;
  for (float x = 0; x < 1; x += 0.01F) most = std::max(most, at(x, 0.5F));
  EXPECT_GT(most, 140);
}

// Whatever fonts this machine has: what one of them has is drawn, what none has stays a box.
TEST(Font, TakesFromOtherFontsWhatTheTypefaceLacks) {
  auto own = Font::load();
  ASSERT_TRUE(own);
  const std::uint32_t before = own->revision();
  own->cover("plain words");
  EXPECT_EQ(own->revision(), before);
  const FontFinder finder;
  int found = 0, missing = 0;
  for (const char32_t code : U"\u2602\u2654\u0E01\u4E00\u982D\uAC00\U0001F600") {
    if (code == 0 || own->has_glyph(kRegular, code)) continue;
    std::string utf8;  // three bytes or four
    if (code > 0xFFFF) utf8 = "\U0001F600";
    else utf8 = {static_cast<char>(0xE0 | code >> 12), static_cast<char>(0x80 | (code >> 6 & 0x3F)), static_cast<char>(0x80 | (code & 0x3F))};
    own->cover(utf8);
    if (own->has_glyph(kRegular, code)) {
      ++found;
      EXPECT_TRUE(finder.with_character(code, kRegular));
      EXPECT_GT(own->glyph(kRegular, code).width, 0);
      EXPECT_EQ(own->glyph(kRegular, code).index, 0U);
      EXPECT_NE(own->glyph(kRegular, code).v, own->glyph(kRegular, U'A').v);
      // Inside the atlas, which has grown.
      EXPECT_LE(own->glyph(kRegular, code).v + own->glyph(kRegular, code).texel_height, own->atlas_height());
    } else {
      ++missing;
      EXPECT_EQ(own->glyph(kRegular, code).u, own->glyph(kRegular, 0xE000).u);
    }
  }
  EXPECT_GT(found + missing, 0);
  EXPECT_EQ(own->revision(), before + static_cast<std::uint32_t>(found));
  // What was asked for once costs nothing again.
  const std::uint32_t after = own->revision();
  own->cover("\u2602\u4E00");
  EXPECT_EQ(own->revision(), after);
}

TEST(Font, SaysWhatToDoAboutAnUnreadableFile) {
  const auto none = Font::load({FontPlace{"/nonexistent/font.otf"}, FontPlace{"/nonexistent/font.otf"}});
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find("/nonexistent/font.otf"), std::string::npos);
  EXPECT_NE(none.error().message.find("fonts-inter"), std::string::npos);
}

TEST(Font, SaysWhatToInstallWhereThereIsNoFontAtAll) {
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "fallline_no_fonts";
  std::filesystem::create_directories(folder);
  const std::filesystem::path config = folder / "fonts.conf";
  std::ofstream(config)
      << "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig></fontconfig>";
  setenv("FONTCONFIG_FILE", config.c_str(), 1);
  const auto path = font_path(kRegular);
  unsetenv("FONTCONFIG_FILE");
  std::filesystem::remove_all(folder);
  ASSERT_FALSE(path.ok());
  EXPECT_NE(path.error().message.find("apt-get install fonts-inter"), std::string::npos);
}

TEST(Font, GlyphsDoNotOverlapInTheAtlas) {
  std::vector<std::uint8_t> taken(font().atlas().size());
  std::size_t overlaps = 0;
  for (const FontWeight weight : {FontWeight::kRegular, FontWeight::kSemiBold}) {
    for (char32_t code = 0x21; code < 0x2300; ++code) {
      if (!font().has_glyph(weight, code)) continue;
      const Glyph& glyph = font().glyph(weight, code);
      ASSERT_LE(glyph.u + glyph.texel_width, font().atlas_width());
      ASSERT_LE(glyph.v + glyph.texel_height, font().atlas_height());
      for (int y = 0; y < glyph.texel_height; ++y) {
        for (int x = 0; x < glyph.texel_width; ++x) {
          std::uint8_t& texel =
              taken[static_cast<std::size_t>((glyph.v + y) * font().atlas_width() + glyph.u + x)];
          overlaps += texel;
          texel = 1;
        }
      }
    }
  }
  EXPECT_EQ(overlaps, 0U);
}

TEST(TextLayout, DigitsShareOneWidth) {
  const float ones = text_width(font(), kRegular, "1111.11", 20);
  const float zeros = text_width(font(), kRegular, "0000.00", 20);
  EXPECT_FLOAT_EQ(ones, zeros);
}

TEST(TextLayout, WidthGrowsWithTextSizeAndWeight) {
  EXPECT_FLOAT_EQ(text_width(font(), kRegular, "", 20), 0);
  const float width = text_width(font(), kRegular, "hemorrhage", 20);
  EXPECT_GT(width, 80);
  EXPECT_LT(width, 140);
  EXPECT_NEAR(text_width(font(), kRegular, "hemorrhage", 40), 2 * width, 1e-3);
  EXPECT_GT(text_width(font(), FontWeight::kSemiBold, "hemorrhage", 20), width);
  EXPECT_NEAR(text_width(font(), kRegular, "loss loss", 20),
              2 * text_width(font(), kRegular, "loss", 20) + text_width(font(), kRegular, " ", 20), 0.5);
}

TEST(TextLayout, BlanksAdvanceWithoutAQuad) {
  std::vector<PlacedGlyph> glyphs;
  const float width = lay_out_line(font(), kRegular, "a b", &glyphs);
  ASSERT_EQ(glyphs.size(), 2U);
  EXPECT_FLOAT_EQ(glyphs[0].pen, 0);
  EXPECT_GT(glyphs[1].pen, font().glyph(kRegular, U'a').advance);
  EXPECT_GT(width, glyphs[1].pen);
}

TEST(TextLayout, FitsByCuttingWholeCharacters) {
  const std::string name = "\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9\u00E9";
  const float full = text_width(font(), kRegular, name, 16);
  EXPECT_EQ(fit_text(font(), kRegular, name, 16, full), name);
  for (float width = 0; width < full; width += 3) {
    const std::string cut = fit_text(font(), kRegular, name, 16, width);
    EXPECT_LE(text_width(font(), kRegular, cut, 16), width);
    for (const char32_t code : decode_utf8(cut)) EXPECT_TRUE(code == 0xE9 || code == 0x2026);
  }
  EXPECT_EQ(fit_text(font(), kRegular, name, 16, 1), "");
}

TEST(TextLayout, WrapsAtSpacesIntoSoManyLines) {
  const std::string text = "the rate is too high: the loss is no longer a number, choose a smaller one";
  const auto lines = wrap_text(font(), kRegular, text, 16, 200, 9);
  ASSERT_GT(lines.size(), 2U);
  std::string joined;
  for (const std::string& line : lines) {
    EXPECT_LE(text_width(font(), kRegular, line, 16), 200);
    joined += (joined.empty() ? "" : " ") + line;
  }
  EXPECT_EQ(joined, text);
  const auto two = wrap_text(font(), kRegular, text, 16, 200, 2);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_TRUE(two[1].ends_with("\u2026"));
  EXPECT_EQ(wrap_text(font(), kRegular, "a\nb", 16, 200, 3), (std::vector<std::string>{"a", "b"}));
  EXPECT_TRUE(wrap_text(font(), kRegular, " ", 16, 200, 3).empty());
  EXPECT_EQ(wrap_text(font(), kRegular, std::string(200, 'w'), 16, 200, 3).size(), 1U);
}

TEST(DistanceField, IsExactForASquare) {
  // A square from 8 to 24 in a field of 32 x 32 with spread 8, drawn in either direction.
  for (const bool turned : {false, true}) {
    std::vector<OutlineEdge> edges = {
        {{8, 8}, {24, 8}}, {{24, 8}, {24, 24}}, {{24, 24}, {8, 24}}, {{8, 24}, {8, 8}}};
    if (turned) {
      for (OutlineEdge& edge : edges) std::swap(edge.from, edge.to);
    }
    std::vector<std::uint8_t> field(32 * 32);
    write_distance_field(edges, 32, 32, 8, field.data(), 32);
    const auto distance = [&](int x, int y) {
      return (static_cast<float>(field[static_cast<std::size_t>(y * 32 + x)]) / 127.5F - 1) * 8;
    };
    EXPECT_NEAR(distance(16, 9), 1.5F, 0.04F);                    // inside, a texel and a half from the top
    EXPECT_NEAR(distance(16, 5), -2.5F, 0.04F);                   // outside
    EXPECT_NEAR(distance(4, 4), -std::hypot(3.5F, 3.5F), 0.04F);  // off a corner
    EXPECT_NEAR(distance(16, 16), 7.5F, 0.04F);
    EXPECT_NEAR(distance(0, 16), -7.5F, 0.04F);
  }
}

TEST(Kerning, DamagedTablesAreHarmless) {
  const std::vector<std::uint32_t> glyphs = {1, 2, 3};
  EXPECT_TRUE(KerningTable({}, glyphs).empty());
  std::vector<std::uint8_t> noise(512);
  std::uint32_t state = 1;
  for (int round = 0; round < 200; ++round) {
    for (std::uint8_t& byte : noise) {
      state = state * 1664525 + 1013904223;
      byte = static_cast<std::uint8_t>(state >> 24U);
    }
    // A plausible head, so that the reader goes on into the noise: version 1.0, lists near the start.
    const std::uint8_t head[] = {0, 1, 0, 0, 0, 10, 0, 12, 0, 24, 0, 0, 0, 1, 'k', 'e', 'r', 'n', 0, 8};
    std::copy(std::begin(head), std::end(head), noise.begin());
    const KerningTable table(noise, glyphs);
    for (const std::uint32_t left : glyphs) {
      for (const std::uint32_t right : glyphs) EXPECT_LT(std::abs(table.between(left, right)), 1 << 24);
    }
  }
}

TEST(Kerning, TightensOpenPairs) {
  if (font().kerning(kRegular, U'T', U'o') == 0) GTEST_SKIP() << "the installed font has no kerning";
  EXPECT_LT(font().kerning(kRegular, U'T', U'o'), -0.02F);
  EXPECT_LT(font().kerning(kRegular, U'A', U'V'), -0.02F);
  EXPECT_EQ(font().kerning(kRegular, U'n', U'n'), 0);
}

}  // namespace
}  // namespace fl
