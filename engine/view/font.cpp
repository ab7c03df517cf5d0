#include "engine/view/font.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/view/font_file.h"
#include "engine/view/font_finder.h"
#include "engine/view/font_sdf.h"
#include "engine/view/text_layout.h"
#include "trainer/base/log.h"

namespace fl {

namespace {

struct CodeRange {
  char32_t first, last;
};

// Everything that labels and class names are written in: Latin-1 and Latin Extended-A for names, Greek and
// mathematics for axes, sub- and superscript digits for powers of ten, punctuation.
constexpr CodeRange kCodeRanges[] = {
    {0x20, 0x7E},     {0xA0, 0x17F},  // Latin
    {0x391, 0x3C9},                   // Greek
    {0x2009, 0x2009}, {0x2013, 0x2014}, {0x2018, 0x201A}, {0x201C, 0x201E},
    {0x2022, 0x2022}, {0x2026, 0x2026}, {0x202F, 0x202F}, {0x2070, 0x208E},  // superscripts, subscripts
    {0x2190, 0x2193},                                                        // arrows
    {0x2202, 0x2202}, {0x2207, 0x2207}, {0x2212, 0x2212}, {0x221A, 0x221A},
    {0x221E, 0x221E}, {0x2248, 0x2248}, {0x2260, 0x2260}, {0x2264, 0x2265},
};
constexpr char32_t kMissing = 0;  // key of the box while the atlas is packed

// The box for a character that the typeface does not have: as wide as it is in print, hollow, capital-high.
GlyphDrawing missing_box(FontWeight weight, float cap_height) {
  constexpr auto kEm = static_cast<float>(Font::kEmTexels);
  const float width = 0.5F * kEm, height = cap_height * kEm, side = 0.08F * kEm, wall = 0.07F * kEm;
  GlyphDrawing drawing{weight, kMissing, {}, {}};
  drawing.glyph.advance = (width + 2 * side) / kEm;
  const auto rectangle = [&](float x0, float y0, float x1, float y1) {
    const glm::vec2 a{x0, y0}, b{x1, y0}, c{x1, y1}, d{x0, y1};
    for (const OutlineEdge& edge : {OutlineEdge{a, b}, {b, c}, {c, d}, {d, a}}) drawing.edges.push_back(edge);
  };
  rectangle(side, -height, side + width, 0);
  // Turned the other way round: a hole.
  rectangle(side + width - wall, -height + wall, side + wall, -wall);
  fit_quad(drawing);
  return drawing;
}

// Rows of one height after another from `top`, tallest glyphs first. Returns where they end.
int pack_shelves(std::vector<GlyphDrawing>& drawings, int width, int top) {
  std::vector<GlyphDrawing*> order;
  for (GlyphDrawing& drawing : drawings) {
    if (!drawing.edges.empty()) order.push_back(&drawing);
  }
  std::stable_sort(order.begin(), order.end(), [](const GlyphDrawing* a, const GlyphDrawing* b) {
    return a->glyph.texel_height > b->glyph.texel_height;
  });
  int x = 0, y = top, shelf = 0;
  for (GlyphDrawing* drawing : order) {
    Glyph& glyph = drawing->glyph;
    if (x + glyph.texel_width > width) {
      x = 0;
      y += shelf;
      shelf = 0;
    }
    glyph.u = static_cast<std::uint16_t>(x);
    glyph.v = static_cast<std::uint16_t>(y);
    x += glyph.texel_width;
    shelf = std::max(shelf, static_cast<int>(glyph.texel_height));
  }
  return y + shelf;
}

}  // namespace

Result<Font> Font::load() {
  const FontFinder finder;
  std::array<FontPlace, kFontWeights> places;
  for (std::size_t i = 0; i < kFontWeights; ++i) {
    auto place = finder.typeface(static_cast<FontWeight>(i));
    if (!place) return place.error();
    places[i] = *place;
  }
  return load(places);
}

Result<Font> Font::load(const std::array<FontPlace, kFontWeights>& places) {
  Font font;
  std::vector<GlyphDrawing> drawings;
  for (std::size_t i = 0; i < kFontWeights; ++i) {
    const auto weight = static_cast<FontWeight>(i);
    const auto file = FontFile::open(places[i]);
    if (!file) return file.error();
    if (i == 0) font.metrics_ = file->metrics();
    std::vector<std::uint32_t> indices;
    for (const CodeRange& range : kCodeRanges) {
      for (char32_t code = range.first; code <= range.last; ++code) {
        auto drawing = file->draw(weight, code);
        if (!drawing) continue;
        indices.push_back(drawing->glyph.index);
        drawings.push_back(*std::move(drawing));
      }
    }
    font.faces_[i].path = places[i].path;
    font.faces_[i].kerning = KerningTable(file->pairs(), indices);
    font.faces_[i].units_per_em = file->units_per_em();
    drawings.push_back(missing_box(weight, font.metrics_.cap_height));
  }
  font.add_to_atlas(drawings);
  return font;
}

void Font::cover(std::string_view text) {
  std::u32string wanted = decode_utf8(text);
  std::ranges::sort(wanted);
  const auto rest = std::ranges::unique(wanted);
  wanted.erase(rest.begin(), rest.end());
  // What cannot be seen is no loss, and what was asked for in vain is not asked for again.
  std::erase_if(wanted, [&](char32_t code) {
    return code <= 0x20 || code == 0xFFFD || has_glyph(FontWeight::kRegular, code) || !asked_for_.insert(code).second;
  });
  if (wanted.empty()) return;
  const FontFinder finder;
  std::vector<GlyphDrawing> drawings;
  std::vector<std::string> nowhere;
  for (const char32_t code : wanted) {
    const std::size_t before = drawings.size();
    for (std::size_t i = 0; i < kFontWeights; ++i) {
      const auto weight = static_cast<FontWeight>(i);
      const auto place = finder.with_character(code, weight);
      if (!place) continue;
      const auto file = FontFile::open(*place);
      auto drawing = file ? file->draw(weight, code) : std::nullopt;
      if (!drawing) continue;
      drawing->glyph.index = 0;  // another file's number: it means nothing to our pairs
      drawings.push_back(*std::move(drawing));
    }
    if (drawings.size() == before) nowhere.push_back(fmt::format("U+{:04X}", static_cast<std::uint32_t>(code)));
  }
  if (!nowhere.empty())
    log_warning("No installed font has {}; boxes stand for them. Install fonts-noto-cjk, or the fonts of your script.",
                fmt::join(nowhere, ", "));
  if (!drawings.empty()) add_to_atlas(drawings);
}

void Font::add_to_atlas(std::vector<GlyphDrawing>& drawings) {
  atlas_height_ = pack_shelves(drawings, kAtlasWidth, atlas_height_);
  atlas_.resize(static_cast<std::size_t>(kAtlasWidth) * static_cast<std::size_t>(atlas_height_), 0);
  ++revision_;
  constexpr auto kEm = static_cast<float>(kEmTexels);
  for (GlyphDrawing& drawing : drawings) {
    Glyph& glyph = drawing.glyph;
    const glm::vec2 corner{glyph.left * kEm, glyph.top * kEm};
    for (OutlineEdge& edge : drawing.edges) {
      edge.from -= corner;
      edge.to -= corner;
    }
    if (!drawing.edges.empty()) {
      write_distance_field(
          drawing.edges, glyph.texel_width, glyph.texel_height, static_cast<float>(kSpreadTexels),
          atlas_.data() + static_cast<std::size_t>(glyph.v) * kAtlasWidth + glyph.u, kAtlasWidth);
    }
    Face& owner = faces_[static_cast<std::size_t>(drawing.weight)];
    if (drawing.code == kMissing) {
      owner.missing = glyph;
    } else {
      owner.glyphs.emplace(drawing.code, glyph);
    }
    if (drawing.code >= U'0' && drawing.code <= U'9') {
      owner.digit_advance = std::max(owner.digit_advance, glyph.advance);
    }
  }
}

const Glyph& Font::glyph(FontWeight weight, char32_t code) const {
  const auto found = face(weight).glyphs.find(code);
  return found != face(weight).glyphs.end() ? found->second : face(weight).missing;
}

bool Font::has_glyph(FontWeight weight, char32_t code) const {
  return face(weight).glyphs.contains(code);
}

float Font::kerning(FontWeight weight, char32_t left, char32_t right) const {
  const Face& owner = face(weight);
  if (owner.kerning.empty()) return 0;
  return static_cast<float>(owner.kerning.between(glyph(weight, left).index, glyph(weight, right).index)) /
         owner.units_per_em;
}

float Font::digit_advance(FontWeight weight) const {
  return face(weight).digit_advance;
}

}  // namespace fl
