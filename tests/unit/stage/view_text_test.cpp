#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "engine/text/font.h"
#include "engine/text/font_sdf.h"
#include "engine/text/text_items.h"
#include "engine/text/text_layout.h"
#include "tests/support/font_folder.h"
#include "tests/unit/stage/stage_font.h"
#include "trainer/base/utf8.h"

namespace fl {
namespace {

using testing::FontFolder;

constexpr FontWeight kRegular = FontWeight::kRegular;

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
  const auto line = font().line(kRegular, "\U000F0000");  // private use
  ASSERT_EQ(line->glyphs.size(), 1U);
  const Glyph& box = *line->glyphs[0].ink;
  EXPECT_GT(box.width, 0);
  EXPECT_GT(line->width, 0.3F);
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

TEST(Font, SaysWhatToDoAboutAnUnreadableFile) {
  const auto none = Font::load({FontPlace{"/nonexistent/font.otf"}, FontPlace{"/nonexistent/font.otf"}});
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find("/nonexistent/font.otf"), std::string::npos);
  EXPECT_NE(none.error().message.find("fonts-inter"), std::string::npos);
}

TEST(Font, SaysWhatToInstallWhereThereIsNoFontAtAll) {
  const FontFolder none({});
  const auto path = font_path(kRegular);
  ASSERT_FALSE(path.ok());
  EXPECT_NE(path.error().message.find("apt-get install fonts-inter"), std::string::npos);
}

TEST(Font, GlyphsDoNotOverlapInTheAtlas) {
  auto own = Font::load();
  ASSERT_TRUE(own);
  std::vector<std::uint8_t> taken;
  std::size_t overlaps = 0;
  std::set<std::tuple<std::uint32_t, std::uint32_t>> seen;
  const auto take = [&](const Glyph& glyph) {
    ASSERT_LE(glyph.u + glyph.texel_width, own->atlas_width());
    ASSERT_LE(glyph.v + glyph.texel_height, own->atlas_height());
    for (int y = 0; y < glyph.texel_height; ++y) {
      for (int x = 0; x < glyph.texel_width; ++x) {
        std::uint8_t& texel =
            taken[static_cast<std::size_t>((glyph.v + y) * own->atlas_width() + glyph.u + x)];
        overlaps += texel;
        texel = 1;
      }
    }
  };
  // One after another, so that the atlas grows.
  std::vector<std::shared_ptr<const TextLine>> lines;
  for (const FontWeight weight : {FontWeight::kRegular, FontWeight::kSemiBold})
    for (const char* text :
         {"The quick brown fox, 0123456789", "\u0411\u0434\u0436\u0429", "\u1EBD\u01A1\u0429", "\U000F0000"})
      lines.push_back(own->line(weight, text));
  taken.resize(own->atlas().size());
  for (const auto& line : lines)
    for (const PlacedGlyph& placed : line->glyphs)
      if (seen.insert({placed.face, placed.index}).second) take(*placed.ink);
  EXPECT_GT(seen.size(), 60U);
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
  const auto line = font().line(kRegular, "a b");
  ASSERT_EQ(line->glyphs.size(), 2U);
  EXPECT_FLOAT_EQ(line->glyphs[0].pen, 0);
  EXPECT_GT(line->glyphs[1].pen, font().line(kRegular, "a")->width);
  EXPECT_GT(line->width, line->glyphs[1].pen);
}

// A frame asks for the same labels as the one before.
TEST(TextLayout, WhatWasSetIsKept) {
  const auto line = font().line(kRegular, "kept");
  for (int i = 0; i < 500; ++i) static_cast<void>(font().line(kRegular, std::to_string(i)));
  EXPECT_EQ(font().line(kRegular, "kept"), line);
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

TEST(Kerning, TightensOpenPairs) {
  ASSERT_NE(font().path(kRegular).find("Inter"), std::string::npos) << "the package fonts-inter is missing";
  const auto kerning = [](std::string_view pair) {
    return font().line(kRegular, pair)->width - font().line(kRegular, pair.substr(0, 1))->width -
           font().line(kRegular, pair.substr(1))->width;
  };
  EXPECT_LT(kerning("To"), -0.02F);
  EXPECT_LT(kerning("AV"), -0.02F);
  EXPECT_NEAR(kerning("nn"), 0, 1e-4);
  EXPECT_NEAR(kerning("T4"), 0, 1e-4);  // a digit keeps its column
}

}  // namespace
}  // namespace fl
