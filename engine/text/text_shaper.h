#pragma once
// From a text to its glyphs: joined, stacked and kerned by HarfBuzz as each script wants, runs of both
// directions in the order in which they are seen.

#include <cstdint>
#include <string_view>

#include "engine/text/font_faces.h"
#include "engine/text/glyph_atlas.h"
#include "engine/text/text_line.h"

namespace fl {

// The glyph number of the box that stands for what no font has; each weight has one, in its typeface's face.
inline constexpr std::uint32_t kBoxGlyph = ~0U;

// `digit_advance`: every digit of the typeface takes it, so that a number does not jitter as it counts.
// Glyphs that the atlas lacks are added to it, and what no font has to `missing`.
[[nodiscard]] TextLine shape_line(std::string_view text, FontWeight weight, float digit_advance,
                                  FontFaces& faces, GlyphAtlas& atlas, FontFaces::Missing& missing);

}  // namespace fl
