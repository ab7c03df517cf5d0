#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/text/font.h"
#include "engine/text/font_finder.h"
#include "engine/text/text_items.h"
#include "engine/text/text_layout.h"
#include "tests/support/font_folder.h"
#include "trainer/base/log.h"

namespace fl {
namespace {

constexpr FontWeight kRegular = FontWeight::kRegular;
// Of the packages fonts-kacst-one and fonts-lohit-deva.
const std::string kArabicFonts = "/usr/share/fonts/truetype/kacst-one";
const std::string kHindiFonts = "/usr/share/fonts/truetype/lohit-devanagari";

const std::string kFans = "\u0645\u0631\u0627\u0648\u062D";  // five letters
const std::string kHindi =
    "\u0939\u093F\u0928\u094D\u0926\u0940";  // "Hindi": the first vowel stands before its letter
const std::string kScientist =
    "\U0001F469\U0001F3FD\u200D\U0001F52C";  // woman, skin tone, joiner, microscope

std::string inter_folder() {
  const auto path = font_path(kRegular);
  return path ? std::filesystem::path(*path).parent_path().string() : std::string();
}

// The log's lines while it lives.
class Warnings {
 public:
  Warnings() {
    set_log_sink([this](LogLevel, std::string_view line) { lines.emplace_back(line); });
  }
  ~Warnings() { set_log_sink({}); }
  Warnings(const Warnings&) = delete;
  Warnings& operator=(const Warnings&) = delete;

  std::vector<std::string> lines;
};

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// Inter and the two test fonts, whatever else this machine has.
class Shaping : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::exists(kArabicFonts)) << "the package fonts-kacst-one is missing";
    ASSERT_TRUE(std::filesystem::exists(kHindiFonts)) << "the package fonts-lohit-deva is missing";
    folder_ = std::make_unique<testing::FontFolder>(
        std::vector<std::string>{inter_folder(), kArabicFonts, kHindiFonts});
    auto loaded = Font::load();
    ASSERT_TRUE(loaded) << loaded.error().message;
    font_ = std::make_unique<Font>(*std::move(loaded));
  }

  [[nodiscard]] std::shared_ptr<const TextLine> line(std::string_view text) const {
    return font_->line(kRegular, text);
  }
  // The bytes at which the glyphs' clusters begin, from left to right.
  [[nodiscard]] std::vector<std::uint32_t> seen(std::string_view text) const {
    std::vector<std::uint32_t> bytes;
    float pen = -1;
    for (const PlacedGlyph& glyph : line(text)->glyphs) {
      EXPECT_GE(glyph.pen, pen);
      pen = glyph.pen;
      bytes.push_back(glyph.byte);
    }
    return bytes;
  }

  std::unique_ptr<testing::FontFolder> folder_;
  std::unique_ptr<Font> font_;
};

TEST_F(Shaping, ArabicRunsFromRightToLeft) {
  EXPECT_EQ(seen(kFans), (std::vector<std::uint32_t>{8, 6, 4, 2, 0}));
  EXPECT_EQ(seen("abc"), (std::vector<std::uint32_t>{0, 1, 2}));
}

TEST_F(Shaping, ArabicLettersJoin) {
  const std::string beh = "\u0628";
  const std::uint32_t alone = line(beh)->glyphs.at(0).index;
  const auto three = line(beh + beh + beh);
  std::set<std::uint32_t> forms = {alone};
  // A letter may be drawn as a stroke and its dots; the strokes differ at the beginning, inside and at the
  // end.
  for (const std::uint32_t byte : {0U, 2U, 4U})
    for (const PlacedGlyph& glyph : three->glyphs)
      if (glyph.byte == byte) forms.insert(glyph.index);
  EXPECT_GE(forms.size(), 4U);
  EXPECT_LT(three->width, 3 * line(beh)->width);
}

TEST_F(Shaping, OneFontWritesAScript) {
  std::set<std::uint32_t> faces;
  for (const PlacedGlyph& glyph : line(kFans + " \u063A\u0631\u0641")->glyphs) faces.insert(glyph.face);
  EXPECT_EQ(faces.size(), 1U);
  EXPECT_FALSE(faces.contains(0));  // the typeface has none
  // Numbers are the typeface's, beside whatever they stand.
  const auto mixed = line(kFans + " 12");
  for (const PlacedGlyph& glyph : mixed->glyphs) EXPECT_EQ(glyph.face == 0, glyph.byte > 10) << glyph.byte;
}

TEST_F(Shaping, NumbersStayLeftToRightInArabic) {
  // The letters begin at the right, the number stands left of them, its digits in their order.
  EXPECT_EQ(seen(kFans + " 12"), (std::vector<std::uint32_t>{11, 12, 8, 6, 4, 2, 0}));
}

TEST_F(Shaping, ALatinLineKeepsItsDirectionAroundArabic) {
  EXPECT_EQ(seen("a " + kFans + " b"), (std::vector<std::uint32_t>{0, 10, 8, 6, 4, 2, 13}));
  // And an Arabic one its own around Latin.
  EXPECT_EQ(seen("\u0648 ab \u0648"), (std::vector<std::uint32_t>{6, 3, 4, 0}));
}

TEST_F(Shaping, AnIsolatedNameDoesNotReorderTheSentence) {
  // Without it the name's direction would take hold of the number behind it.
  const std::string sentence = "is " + isolated(kFans) + " 5";
  const auto bytes = seen(sentence);
  EXPECT_EQ(bytes.front(), 0U);
  EXPECT_EQ(bytes.back(), sentence.size() - 1);
  EXPECT_NE(seen("is " + kFans + " 5").back(), ("is " + kFans + " 5").size() - 1);
  // Nor does it lend the sentence its font.
  EXPECT_EQ(line("is " + isolated(kFans) + ": no")->glyphs.at(7).face, 0U);
}

TEST_F(Shaping, HindiVowelsStandWhereTheyAreRead) {
  // The vowel i is stored behind its letter and written before it; the conjunct is one form.
  const auto syllable = line("\u0939\u093F");
  ASSERT_EQ(syllable->glyphs.size(), 2U);
  EXPECT_EQ(syllable->clusters.size(), 1U);
  EXPECT_EQ(syllable->glyphs[1].index, line("\u0939")->glyphs.at(0).index);
  EXPECT_EQ(line("\u0915\u094D\u0937")->glyphs.size(), 1U);
}

TEST_F(Shaping, AccentsAreDrawnAlikeHoweverTheyAreStored) {
  const auto composed = line("caf\u00E9"), apart = line("cafe\u0301");
  ASSERT_EQ(composed->glyphs.size(), 4U);
  ASSERT_EQ(apart->glyphs.size(), 4U);
  EXPECT_EQ(composed->glyphs[3].index, apart->glyphs[3].index);
  EXPECT_FLOAT_EQ(composed->width, apart->width);
  EXPECT_EQ(apart->clusters.size(), 4U);
}

TEST_F(Shaping, JoinersAreNotSeen) {
  const Warnings warnings;
  EXPECT_TRUE(line("\u200D\uFE0F\u2069\u200F")->glyphs.empty());
  EXPECT_FLOAT_EQ(line("a\u200Db\uFE0F")->width, line("ab")->width);
  EXPECT_TRUE(warnings.lines.empty());
}

TEST_F(Shaping, AnEmojiWithoutAFontIsOneBox) {
  const Warnings warnings;
  const std::vector<std::string> emojis = {kScientist, "\U0001F1F5\U0001F1F1", "\U0001F44D\U0001F3FD"};
  for (const std::string& emoji : emojis) {
    EXPECT_EQ(line(emoji)->glyphs.size(), 1U);
    EXPECT_EQ(line(emoji)->clusters.size(), 1U);
  }
  // Two flags are two.
  EXPECT_EQ(line("\U0001F1F5\U0001F1F1\U0001F1E9\U0001F1EA")->clusters.size(), 2U);
}

// A tone that no font joins to its hand would be a grey box beside it.
TEST(Emoji, SkinTonesAreNotPicturesOfTheirOwn) {
  const TextItems items = itemise("\U0001F44D\U0001F3FD");
  ASSERT_EQ(items.clusters.size(), 1U);
  ASSERT_EQ(items.codes.size(), 2U);
  EXPECT_TRUE(is_invisible(items.codes[1]));
  EXPECT_FALSE(is_invisible(itemise("\U0001F3FD").codes[0]));
}

TEST_F(Shaping, TextIsCutBetweenClusters) {
  const Warnings warnings;
  const std::vector<std::string> names = {kHindi + kHindi, kFans + kFans,
                                          "e\u0301e\u0301e\u0301e\u0301e\u0301",
                                          kScientist + kScientist + kScientist + " laboratory"};
  for (const std::string& name : names) {
    std::set<std::string> allowed = {"", name};
    for (const TextCluster& cluster : itemise(name).clusters) {
      std::string kept = name.substr(0, itemise(name).bytes[cluster.begin]);
      while (kept.ends_with(' ')) kept.pop_back();
      allowed.insert(kept + "\u2026");
    }
    std::set<std::string> cuts;
    const float full = text_width(*font_, kRegular, name, 16);
    for (float width = 0; width <= full; width += 1) {
      const std::string cut = fit_text(*font_, kRegular, name, 16, width);
      EXPECT_LE(text_width(*font_, kRegular, cut, 16), width);
      EXPECT_TRUE(allowed.contains(cut)) << cut;
      cuts.insert(cut);
    }
    EXPECT_GT(cuts.size(), 2U);
  }
}

TEST_F(Shaping, TheEllipsisOfArabicStandsAtItsEnd) {
  const std::string cut = fit_text(*font_, kRegular, kFans + kFans, 16, 40);
  ASSERT_TRUE(cut.ends_with("\u2026"));
  EXPECT_EQ(seen(cut).front(), cut.size() - 3);  // its three bytes, at the left
}

TEST_F(Shaping, GlyphsThatAreNewGoIntoTheAtlas) {
  const std::uint32_t before = font_->revision();
  static_cast<void>(line("plain words"));
  EXPECT_EQ(font_->revision(), before);
  const auto fans = line(kFans);
  EXPECT_GT(font_->revision(), before);
  for (const PlacedGlyph& glyph : fans->glyphs)
    EXPECT_LE(glyph.ink->v + glyph.ink->texel_height, font_->atlas_height());
}

TEST(MissingFonts, OneWarningNamesAllScriptsAndTheirPackages) {
  const testing::FontFolder only_inter({inter_folder()});
  auto font = Font::load();
  ASSERT_TRUE(font);
  Warnings warnings;
  font->cover(std::vector<std::string>{"plain", kFans, kHindi, "\u0E44\u0E17\u0E22", "\u05D0\u05D1",
                                       "\u4E2D\u304B", "\uD55C", "\U0001F600", "\U0001F9BE", kScientist});
  ASSERT_EQ(warnings.lines.size(), 1U);
  const std::string& said = warnings.lines[0];
  const std::size_t core = said.find("(fonts-noto-core)"), cjk = said.find("(fonts-noto-cjk)"),
                    symbola = said.find("(fonts-symbola)"), unifont = said.find("(fonts-unifont)");
  for (const std::size_t at : {core, cjk, symbola, unifont}) ASSERT_NE(at, std::string::npos) << said;
  for (const char* script : {"Arabic", "Hindi", "Thai", "Hebrew"}) EXPECT_LT(said.find(script), core) << said;
  for (const char* script : {"Chinese and Japanese", "Korean"}) {
    EXPECT_GT(said.find(script), core) << said;
    EXPECT_LT(said.find(script), cjk) << said;
  }
  EXPECT_LT(said.find("emoji"), symbola) << said;
  EXPECT_LT(said.find("newer emoji"), unifont) << said;
  EXPECT_TRUE(contains(said, "boxes")) << said;
  EXPECT_TRUE(contains(said, "apt-get install fonts-noto-core")) << said;
  // Once, whatever is drawn afterwards.
  font->cover(std::vector<std::string>{kFans});
  static_cast<void>(font->line(kRegular, kFans + kHindi));
  EXPECT_EQ(warnings.lines.size(), 1U);
}

TEST(MissingFonts, WhatIsInstalledIsNotAskedFor) {
  const testing::FontFolder some({inter_folder(), kArabicFonts, kHindiFonts});
  auto font = Font::load();
  ASSERT_TRUE(font);
  Warnings warnings;
  font->cover(std::vector<std::string>{kFans, kHindi});
  EXPECT_TRUE(warnings.lines.empty()) << warnings.lines.front();
  font->cover(std::vector<std::string>{"\u0E44\u0E17\u0E22"});
  ASSERT_EQ(warnings.lines.size(), 1U);
  EXPECT_TRUE(contains(warnings.lines[0], "Thai (fonts-noto-core)"));
  EXPECT_FALSE(contains(warnings.lines[0], "Arabic"));
}

TEST(MissingFonts, NoPackageIsNamedForWhatNoFontCanHave) {
  const testing::FontFolder only_inter({inter_folder()});
  auto font = Font::load();
  ASSERT_TRUE(font);
  Warnings warnings;
  font->cover(std::vector<std::string>{"a\U000F0000"});
  ASSERT_EQ(warnings.lines.size(), 1U);
  EXPECT_TRUE(contains(warnings.lines[0], "U+F0000"));
  EXPECT_FALSE(contains(warnings.lines[0], "fonts-"));
}

TEST(FontFinder, OffersOnlyOutlines) {
  // What has most of the characters comes first; a font of none of them does not come.
  const testing::FontFolder some({inter_folder(), kArabicFonts, kHindiFonts});
  const FontFinder finder;
  const auto arabic = finder.with_characters(U"\u0645\u0631", kRegular);
  ASSERT_FALSE(arabic.empty());
  EXPECT_TRUE(arabic[0].path.starts_with(kArabicFonts));
  EXPECT_TRUE(finder.with_characters(U"\u0E44", kRegular).empty());
  EXPECT_TRUE(finder.has_family("Inter"));
  EXPECT_FALSE(finder.has_family("Symbola"));
}

}  // namespace
}  // namespace fl
