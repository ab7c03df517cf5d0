#pragma once
// A font file opened to be drawn from: outlines, metrics, the table of pairs. FreeType stays behind this wall.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/view/font.h"
#include "engine/view/font_sdf.h"

struct FT_LibraryRec_;
struct FT_FaceRec_;

namespace fl {

// A glyph on its way into the atlas: outline in texels relative to the pen, y down.
struct GlyphDrawing {
  FontWeight weight = FontWeight::kRegular;
  char32_t code = 0;
  Glyph glyph;
  std::vector<OutlineEdge> edges;
};

// Lets the quad enclose the outline and the spread around it, on whole texels.
void fit_quad(GlyphDrawing& drawing);

class FontFile {
 public:
  // Errors: a file that cannot be read, or that has no outlines.
  static Result<FontFile> open(const FontPlace& place);

  // Nothing where the font does not have the character.
  [[nodiscard]] std::optional<GlyphDrawing> draw(FontWeight weight, char32_t code) const;
  [[nodiscard]] FontMetrics metrics() const;
  // The pair-positioning table, empty where it has none.
  [[nodiscard]] std::vector<std::uint8_t> pairs() const;
  [[nodiscard]] float units_per_em() const;

 private:
  struct LibraryDeleter {
    void operator()(FT_LibraryRec_* library) const;
  };
  struct FaceDeleter {
    void operator()(FT_FaceRec_* face) const;
  };
  std::unique_ptr<FT_LibraryRec_, LibraryDeleter> library_;
  std::unique_ptr<FT_FaceRec_, FaceDeleter> face_;  // goes before its library
};

}  // namespace fl
