#include "engine/text/glyph_atlas.h"

#include <algorithm>

#include "engine/text/font_file.h"

namespace fl {
namespace {

std::uint64_t key(std::uint32_t face, std::uint32_t index) {
  return std::uint64_t{face} << 32U | index;
}

}  // namespace

const Glyph* GlyphAtlas::find(std::uint32_t face, std::uint32_t index) const {
  const auto found = glyphs_.find(key(face, index));
  return found == glyphs_.end() ? nullptr : &found->second;
}

// On the shelf that is being filled, or on a new one below it.
bool GlyphAtlas::place(Glyph& glyph) {
  if (x_ + glyph.texel_width > Font::kAtlasWidth) {
    x_ = 0;
    y_ = height_;
  }
  const int bottom = std::max(height_, y_ + glyph.texel_height);
  if (glyph.texel_width > Font::kAtlasWidth || bottom > kMostRows) return false;
  glyph.u = static_cast<std::uint16_t>(x_);
  glyph.v = static_cast<std::uint16_t>(y_);
  x_ += glyph.texel_width;
  height_ = bottom;
  return true;
}

void GlyphAtlas::add(std::vector<GlyphDrawing>& drawings) {
  std::ranges::stable_sort(drawings, [](const GlyphDrawing& a, const GlyphDrawing& b) {
    return a.glyph.texel_height > b.glyph.texel_height;
  });
  for (GlyphDrawing& drawing : drawings) {
    if (!drawing.edges.empty() && !place(drawing.glyph)) {
      drawing.glyph = {.advance = drawing.glyph.advance};
      drawing.edges.clear();
    }
  }
  texels_.resize(static_cast<std::size_t>(Font::kAtlasWidth) * static_cast<std::size_t>(height_), 0);
  constexpr auto kEm = static_cast<float>(Font::kEmTexels);
  bool drawn = false;
  for (GlyphDrawing& drawing : drawings) {
    const Glyph& glyph = drawing.glyph;
    glyphs_.emplace(key(drawing.face, drawing.index), glyph);
    if (drawing.edges.empty()) continue;
    const glm::vec2 corner{glyph.left * kEm, glyph.top * kEm};
    for (OutlineEdge& edge : drawing.edges) {
      edge.from -= corner;
      edge.to -= corner;
    }
    write_distance_field(
        drawing.edges, glyph.texel_width, glyph.texel_height, static_cast<float>(Font::kSpreadTexels),
        texels_.data() + static_cast<std::size_t>(glyph.v) * Font::kAtlasWidth + glyph.u, Font::kAtlasWidth);
    drawn = true;
  }
  if (drawn) ++revision_;
}

}  // namespace fl
