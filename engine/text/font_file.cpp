#include "engine/text/font_file.h"

#include <ft2build.h>
#include FT_FREETYPE_H
#include FT_OUTLINE_H
#include FT_TRUETYPE_TABLES_H

#include <algorithm>
#include <cmath>

#include <hb-ft.h>

#include "engine/text/text_items.h"

namespace fl {
namespace {

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

}  // namespace

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

void FontFile::LibraryDeleter::operator()(FT_LibraryRec_* library) const {
  FT_Done_FreeType(library);
}

void FontFile::FaceDeleter::operator()(FT_FaceRec_* face) const {
  FT_Done_Face(face);
}

void FontFile::ShapingDeleter::operator()(hb_font_t* font) const {
  hb_font_destroy(font);
}

FontFile::Shaping FontFile::shaping_font(FT_FaceRec_* face) {
  // Fonts older than OpenType have no tables to shape by.
  if (!FT_IS_SFNT(face)) {
    Shaping font(hb_ft_font_create(face, nullptr));
    hb_ft_font_set_load_flags(font.get(), FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP);
    return font;
  }
  // Unhinted, as the outlines are: one layout serves every size.
  hb_face_t* tables = hb_ft_face_create(face, nullptr);
  Shaping font(hb_font_create(tables));
  hb_face_destroy(tables);
  // In 65536ths of a pixel, rounded as FreeType's linear advances are.
  const auto scale = static_cast<int>(FT_MulDiv(face->size->metrics.x_scale, face->units_per_EM, 64));
  hb_font_set_scale(font.get(), scale, scale);
  const auto instance = static_cast<unsigned>(face->face_index) >> 16U;
  if (instance > 0) hb_font_set_var_named_instance(font.get(), instance - 1);
  return font;
}

Result<FontFile> FontFile::open(const FontPlace& place) {
  FontFile file;
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0)
    return error("FreeType cannot start; reinstall the package libfreetype6.");
  file.library_.reset(library);
  FT_Face face = nullptr;
  if (FT_New_Face(library, place.path.c_str(), place.index, &face) != 0)
    return error("The font file {} cannot be read. Reinstall it (package fonts-inter).", place.path);
  file.face_.reset(face);
  if (!FT_IS_SCALABLE(face) || FT_Set_Pixel_Sizes(face, 0, Font::kEmTexels) != 0)
    return error("The font file {} has no outlines. Install one that has them (package fonts-inter).", place.path);
  FT_Select_Charmap(face, FT_ENCODING_UNICODE);
  file.shaping_ = shaping_font(face);
  return file;
}

std::uint32_t FontFile::glyph_index(char32_t code) const {
  return FT_Get_Char_Index(face_.get(), code);
}

bool FontFile::can_draw(char32_t code) const {
  const std::uint32_t index = glyph_index(code);
  return index != 0 && (is_blank(code) || !draw(0, index).edges.empty());
}

GlyphDrawing FontFile::draw(std::uint32_t face, std::uint32_t index) const {
  GlyphDrawing drawing{face, index, {}, {}};
  // Unhinted: the same outline serves every size.
  if (FT_Load_Glyph(face_.get(), index, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP) != 0) return drawing;
  const FT_GlyphSlot slot = face_->glyph;
  if (slot->format != FT_GLYPH_FORMAT_OUTLINE) return drawing;
  drawing.edges = outline_edges(slot->outline);
  drawing.glyph.advance =
      static_cast<float>(slot->linearHoriAdvance) / 65536.0F / static_cast<float>(Font::kEmTexels);
  fit_quad(drawing);
  return drawing;
}

float FontFile::units_per_em() const {
  int x = 0, y = 0;
  hb_font_get_scale(shaping_.get(), &x, &y);
  return static_cast<float>(FT_IS_SFNT(face_.get()) ? Font::kEmTexels * 65536 : x);
}

FontMetrics FontFile::metrics() const {
  const FT_Face face = face_.get();
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

}  // namespace fl
