#include "engine/view/font.h"

#include <fontconfig/fontconfig.h>
#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_TRUETYPE_TABLES_H

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "engine/view/font_sdf.h"

namespace fl {

// A glyph on its way into the atlas: outline in texels relative to the pen, y down.
struct GlyphDrawing {
  FontWeight weight = FontWeight::kRegular;
  char32_t code = 0;
  Glyph glyph;
  std::vector<OutlineEdge> edges;
};

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

struct LibraryDeleter {
  void operator()(FT_Library library) const { FT_Done_FreeType(library); }
};
struct FaceDeleter {
  void operator()(FT_Face face) const { FT_Done_Face(face); }
};
using LibraryPtr = std::unique_ptr<FT_LibraryRec_, LibraryDeleter>;
using FacePtr = std::unique_ptr<FT_FaceRec_, FaceDeleter>;

struct Pen {
  std::vector<OutlineEdge>* edges = nullptr;
  glm::vec2 start{0}, at{0};

  void close() {
    if (at != start) edges->push_back({at, start});
    at = start;
  }
};

glm::vec2 to_texels(const FT_Vector* p) {
  return {static_cast<float>(p->x) / 64.0F, -static_cast<float>(p->y) / 64.0F};
}

int move_to(const FT_Vector* to, void* user) {
  Pen& pen = *static_cast<Pen*>(user);
  pen.close();
  pen.start = pen.at = to_texels(to);
  return 0;
}

int line_to(const FT_Vector* to, void* user) {
  Pen& pen = *static_cast<Pen*>(user);
  const glm::vec2 end = to_texels(to);
  pen.edges->push_back({pen.at, end});
  pen.at = end;
  return 0;
}

int conic_to(const FT_Vector* control, const FT_Vector* to, void* user) {
  Pen& pen = *static_cast<Pen*>(user);
  const glm::vec2 c = to_texels(control), end = to_texels(to);
  flatten_cubic(pen.at, pen.at + (c - pen.at) * (2.0F / 3.0F), end + (c - end) * (2.0F / 3.0F), end,
                *pen.edges);
  pen.at = end;
  return 0;
}

int cubic_to(const FT_Vector* c1, const FT_Vector* c2, const FT_Vector* to, void* user) {
  Pen& pen = *static_cast<Pen*>(user);
  const glm::vec2 end = to_texels(to);
  flatten_cubic(pen.at, to_texels(c1), to_texels(c2), end, *pen.edges);
  pen.at = end;
  return 0;
}

std::vector<OutlineEdge> outline_edges(FT_Outline& outline) {
  std::vector<OutlineEdge> edges;
  Pen pen{&edges};
  FT_Outline_Funcs functions{};
  functions.move_to = move_to;
  functions.line_to = line_to;
  functions.conic_to = conic_to;
  functions.cubic_to = cubic_to;
  if (FT_Outline_Decompose(&outline, &functions, &pen) != 0) return {};
  pen.close();
  return edges;
}

// Whole texels around the ink plus the spread: the quad's corners fall on texel corners.
void fit_quad(GlyphDrawing& drawing) {
  if (drawing.edges.empty()) return;
  glm::vec2 low = drawing.edges.front().from, high = low;
  for (const OutlineEdge& edge : drawing.edges) {
    low = {std::min(low.x, edge.from.x), std::min(low.y, edge.from.y)};
    high = {std::max(high.x, edge.from.x), std::max(high.y, edge.from.y)};
  }
  constexpr auto kSpread = static_cast<float>(Font::kSpreadTexels);
  constexpr auto kEm = static_cast<float>(Font::kEmTexels);
  const float left = std::floor(low.x) - kSpread, top = std::floor(low.y) - kSpread;
  const float width = std::ceil(high.x) + kSpread - left, height = std::ceil(high.y) + kSpread - top;
  Glyph& glyph = drawing.glyph;
  glyph.left = left / kEm;
  glyph.top = top / kEm;
  glyph.width = width / kEm;
  glyph.height = height / kEm;
  glyph.texel_width = static_cast<std::uint16_t>(width);
  glyph.texel_height = static_cast<std::uint16_t>(height);
}

// The box for a character that the typeface does not have: as wide as it is in print, hollow, capital-high.
GlyphDrawing missing_box(FontWeight weight, float cap_height) {
  constexpr auto kEm = static_cast<float>(Font::kEmTexels);
  const float width = 0.5F * kEm, height = cap_height * kEm, side = 0.08F * kEm, wall = 0.07F * kEm;
  GlyphDrawing drawing{weight, kMissing, {}, {}};
  drawing.glyph.advance = (width + 2 * side) / kEm;
  const auto rectangle = [&](float x0, float y0, float x1, float y1) {
    const glm::vec2 a{x0, y0}, b{x1, y0}, c{x1, y1}, d{x0, y1};
    drawing.edges.insert(drawing.edges.end(), {{a, b}, {b, c}, {c, d}, {d, a}});
  };
  rectangle(side, -height, side + width, 0);
  // Turned the other way round: a hole.
  rectangle(side + width - wall, -height + wall, side + wall, -wall);
  fit_quad(drawing);
  return drawing;
}

// Rows of one height after another, tallest glyphs first. Returns the height used.
int pack_shelves(std::vector<GlyphDrawing>& drawings, int width) {
  std::vector<GlyphDrawing*> order;
  for (GlyphDrawing& drawing : drawings) {
    if (!drawing.edges.empty()) order.push_back(&drawing);
  }
  std::stable_sort(order.begin(), order.end(), [](const GlyphDrawing* a, const GlyphDrawing* b) {
    return a->glyph.texel_height > b->glyph.texel_height;
  });
  int x = 0, y = 0, shelf = 0;
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

// The font's pair-positioning table, empty where it has none.
std::vector<std::uint8_t> gpos_table(FT_Face face) {
  constexpr FT_ULong kTag = 0x47504F53;  // "GPOS"
  constexpr FT_ULong kMostBytes = 8U << 20U;
  FT_ULong bytes = 0;
  if (FT_Load_Sfnt_Table(face, kTag, 0, nullptr, &bytes) != 0 || bytes > kMostBytes) return {};
  std::vector<std::uint8_t> table(bytes);
  if (FT_Load_Sfnt_Table(face, kTag, 0, table.data(), &bytes) != 0) return {};
  return table;
}

Result<FacePtr> open_face(FT_Library library, const std::string& path) {
  FT_Face raw = nullptr;
  if (FT_New_Face(library, path.c_str(), 0, &raw) != 0) {
    return error("The font file {} cannot be read. Reinstall it (package fonts-inter).", path);
  }
  FacePtr face(raw);
  if (!FT_IS_SCALABLE(raw) || FT_Set_Pixel_Sizes(raw, 0, Font::kEmTexels) != 0) {
    return error("The font file {} has no outlines. Install one that has (package fonts-inter).", path);
  }
  FT_Select_Charmap(raw, FT_ENCODING_UNICODE);
  return face;
}

void read_glyphs(FT_Face face, FontWeight weight, std::vector<GlyphDrawing>& out) {
  for (const CodeRange& range : kCodeRanges) {
    for (char32_t code = range.first; code <= range.last; ++code) {
      const FT_UInt index = FT_Get_Char_Index(face, code);
      // Unhinted: the same outline serves every size.
      if (index == 0 || FT_Load_Glyph(face, index, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) continue;
      if (face->glyph->format != FT_GLYPH_FORMAT_OUTLINE) continue;
      GlyphDrawing drawing{weight, code, {}, outline_edges(face->glyph->outline)};
      drawing.glyph.index = index;
      drawing.glyph.advance =
          static_cast<float>(face->glyph->linearHoriAdvance) / 65536.0F / static_cast<float>(Font::kEmTexels);
      fit_quad(drawing);
      out.push_back(std::move(drawing));
    }
  }
}

FontMetrics read_metrics(FT_Face face) {
  const auto units = static_cast<float>(face->units_per_EM);
  FontMetrics metrics{static_cast<float>(face->ascender) / units,
                      -static_cast<float>(face->descender) / units, 0.73F, 0.55F};
  const auto* os2 = static_cast<const TT_OS2*>(FT_Get_Sfnt_Table(face, FT_SFNT_OS2));
  // Only from its version 2 on does the OS/2 table hold these two.
  if (os2 != nullptr && os2->version >= 2 && os2->version != 0xFFFF && os2->sCapHeight > 0) {
    metrics.cap_height = static_cast<float>(os2->sCapHeight) / units;
    metrics.x_height = static_cast<float>(os2->sxHeight) / units;
  }
  return metrics;
}

}  // namespace

Result<std::string> font_path(FontWeight weight) {
  // A configuration of our own: fontconfig's shared one is never given back.
  const std::unique_ptr<FcConfig, decltype(&FcConfigDestroy)> config(FcInitLoadConfigAndFonts(),
                                                                     FcConfigDestroy);
  using Pattern = std::unique_ptr<FcPattern, decltype(&FcPatternDestroy)>;
  const Pattern wanted(FcPatternCreate(), FcPatternDestroy);
  FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>("Inter"));
  FcPatternAddString(wanted.get(), FC_FAMILY, reinterpret_cast<const FcChar8*>("sans-serif"));
  FcPatternAddInteger(wanted.get(), FC_WEIGHT,
                      weight == FontWeight::kSemiBold ? FC_WEIGHT_DEMIBOLD : FC_WEIGHT_REGULAR);
  FcPatternAddInteger(wanted.get(), FC_SLANT, FC_SLANT_ROMAN);
  FcPatternAddBool(wanted.get(), FC_SCALABLE, FcTrue);
  // A file name alone cannot say which instance of a variable font is meant.
  FcPatternAddBool(wanted.get(), FC_VARIABLE, FcFalse);
  FcConfigSubstitute(config.get(), wanted.get(), FcMatchPattern);
  FcDefaultSubstitute(wanted.get());
  FcResult outcome = FcResultNoMatch;
  const Pattern match(FcFontMatch(config.get(), wanted.get(), &outcome), FcPatternDestroy);
  FcChar8* file = nullptr;
  FcBool scalable = FcFalse;
  if (!match || FcPatternGetString(match.get(), FC_FILE, 0, &file) != FcResultMatch ||
      FcPatternGetBool(match.get(), FC_SCALABLE, 0, &scalable) != FcResultMatch || scalable != FcTrue) {
    return error(
        "No outline font is installed, so there is nothing to write labels with. Install one: "
        "apt-get install fonts-inter.");
  }
  return std::string(reinterpret_cast<const char*>(file));
}

Result<Font> Font::load() {
  std::array<std::string, kFontWeights> paths;
  for (std::size_t i = 0; i < kFontWeights; ++i) {
    auto path = font_path(static_cast<FontWeight>(i));
    if (!path) return path.error();
    paths[i] = *path;
  }
  return load(paths);
}

Result<Font> Font::load(const std::array<std::string, kFontWeights>& paths) {
  FT_Library raw = nullptr;
  if (FT_Init_FreeType(&raw) != 0) return error("FreeType cannot start; reinstall the package libfreetype6.");
  const LibraryPtr library(raw);
  Font font;
  std::vector<GlyphDrawing> drawings;
  for (std::size_t i = 0; i < kFontWeights; ++i) {
    const auto weight = static_cast<FontWeight>(i);
    auto opened = open_face(library.get(), paths[i]);
    if (!opened) return opened.error();
    FT_Face face = opened->get();
    if (i == 0) font.metrics_ = read_metrics(face);
    const std::size_t first = drawings.size();
    read_glyphs(face, weight, drawings);
    std::vector<std::uint32_t> indices;
    for (std::size_t k = first; k < drawings.size(); ++k) indices.push_back(drawings[k].glyph.index);
    font.faces_[i].kerning = KerningTable(gpos_table(face), indices);
    font.faces_[i].units_per_em = static_cast<float>(face->units_per_EM);
    drawings.push_back(missing_box(weight, font.metrics_.cap_height));
  }
  font.draw_atlas(drawings);
  return font;
}

void Font::draw_atlas(std::vector<GlyphDrawing>& drawings) {
  atlas_height_ = pack_shelves(drawings, kAtlasWidth);
  atlas_.assign(static_cast<std::size_t>(kAtlasWidth) * static_cast<std::size_t>(atlas_height_), 0);
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
