#pragma once
// A font file opened to be written with: outlines and metrics by FreeType, shaping by HarfBuzz, both behind
// this wall.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/text/font.h"
#include "engine/text/font_sdf.h"

struct FT_LibraryRec_;
struct FT_FaceRec_;
struct hb_font_t;

namespace fl {

// A glyph on its way into the atlas: outline in texels relative to the pen, y down.
struct GlyphDrawing {
  std::uint32_t face = 0, index = 0;
  Glyph glyph;
  std::vector<OutlineEdge> edges;
};

// Lets the quad enclose the outline and the spread around it, on whole texels.
void fit_quad(GlyphDrawing& drawing);

class FontFile {
 public:
  // Errors: a file that cannot be read, or that has no outlines.
  static Result<FontFile> open(const FontPlace& place);

  // Of a character; 0 where the font does not have it.
  [[nodiscard]] std::uint32_t glyph_index(char32_t code) const;
  // Whether the character's glyph has an outline: a font of colour pictures has glyphs that cannot be drawn
  // here. True for blanks.
  [[nodiscard]] bool can_draw(char32_t code) const;
  // A glyph that has no outline is blank.
  [[nodiscard]] GlyphDrawing draw(std::uint32_t face, std::uint32_t index) const;
  [[nodiscard]] FontMetrics metrics() const;

  // To shape with; the font's own.
  [[nodiscard]] hb_font_t* shaping() const { return shaping_.get(); }
  // Of HarfBuzz's units in an em.
  [[nodiscard]] float units_per_em() const;

 private:
  struct LibraryDeleter {
    void operator()(FT_LibraryRec_* library) const;
  };
  struct FaceDeleter {
    void operator()(FT_FaceRec_* face) const;
  };
  struct ShapingDeleter {
    void operator()(hb_font_t* font) const;
  };
  using Shaping = std::unique_ptr<hb_font_t, ShapingDeleter>;
  static Shaping shaping_font(FT_FaceRec_* face);

  // Each goes before the one above it.
  std::unique_ptr<FT_LibraryRec_, LibraryDeleter> library_;
  std::unique_ptr<FT_FaceRec_, FaceDeleter> face_;
  Shaping shaping_;
};

}  // namespace fl
